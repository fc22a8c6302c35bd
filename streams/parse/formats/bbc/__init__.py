"""BBC live pages: `lx` stream payloads, the newer page JSON, and pages that carry either in a script."""

from streams.parse.formats.bbc.posts import parse_bbc

__all__ = ["parse_bbc"]
