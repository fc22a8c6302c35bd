"""A live page as plain text: a lead, then posts of time line, headline, paragraphs, captions with credits."""

from streams.parse.formats.plain_text.page import parse_plain_text

__all__ = ["parse_plain_text"]
