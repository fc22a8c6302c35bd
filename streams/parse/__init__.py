"""From a document's bytes to posts: one file a format, found by content type, hint or content; pure."""

from streams.parse.parsed import BadPart, Parsed
from streams.parse.payload.limits import Limits
from streams.parse.registry import detect, format_names, parse

__all__ = ["BadPart", "Limits", "Parsed", "detect", "format_names", "parse"]
