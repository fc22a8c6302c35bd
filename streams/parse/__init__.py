"""From a document's bytes to posts: one file a format, chosen by its name, the content type or a look; pure."""

from streams.parse.parsed import BadPart, Parsed
from streams.parse.payload.limits import Limits
from streams.parse.payload.pieces import PieceMemory
from streams.parse.registry import detect, format_named, format_names, parse

__all__ = ["BadPart", "Limits", "Parsed", "PieceMemory", "detect", "format_named", "format_names", "parse"]
