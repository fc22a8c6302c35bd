"""NewsML-G2: news messages, news items and packages, with NITF, XHTML, plain text or pictures in them."""

from streams.parse.formats.newsml_g2.items import parse_newsml_g2

__all__ = ["parse_newsml_g2"]
