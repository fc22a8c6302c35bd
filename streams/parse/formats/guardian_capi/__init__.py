"""The Guardian's Content API: an item with its blocks, search results, a content object or a single block."""

from streams.parse.formats.guardian_capi.blocks import parse_guardian_content

__all__ = ["parse_guardian_content"]
