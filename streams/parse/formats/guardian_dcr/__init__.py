"""The Guardian's page model (dotcom-rendering): a page, a list of blocks or one block; also inside the page's HTML."""

from streams.parse.formats.guardian_dcr.blocks import parse_guardian_page

__all__ = ["parse_guardian_page"]
