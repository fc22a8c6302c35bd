"""NewsML 1.0 to 1.2: news items made of nested components, with NITF, XHTML or plain text in them."""

from streams.parse.formats.newsml_1.items import parse_newsml_1

__all__ = ["parse_newsml_1"]
