"""RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom: one post an entry."""

from streams.parse.formats.feed.feed import parse_feed

__all__ = ["parse_feed"]
