"""Sourcefabric Live Blog API: posts of a blog, an array of them, or a single post."""

from streams.parse.formats.sourcefabric.posts import parse_sourcefabric

__all__ = ["parse_sourcefabric"]
