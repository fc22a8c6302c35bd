"""IPTC ninjs 1.x to 3.x, Superdesk's variant and AP's Media API: news items as JSON."""

from streams.parse.formats.ninjs.items import parse_ninjs

__all__ = ["parse_ninjs"]
