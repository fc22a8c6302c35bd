"""Which parser reads a document: the one its format names, otherwise the first one whose `looks_like` says yes.

A new format is a new file in `formats/` with one decorated function; nothing else changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from schemas.document import Document
from schemas.newsroom import Source
from streams.exceptions import ParseError
from streams.parse import formats
from streams.parse.parsed import Parsed
from streams.parse.payload.limits import Limits
from streams.parse.payload.payload import Payload
from streams.parse.payload.pieces import PieceMemory
from streams.parse.version import PARSER_VERSION

Parse = Callable[[Payload], Parsed]


@dataclass(frozen=True, slots=True)
class Parser:
    """A format: its name, how to recognise it, and how to read it."""

    name: str
    read: Parse
    content_types: frozenset[str]
    looks_like: Callable[[Payload], bool]
    rank: int
    """Parsers look at a document in this order: specific formats first, fallbacks last."""


_PARSERS: dict[str, Parser] = {}


def parser(
    name: str,
    *,
    content_types: tuple[str, ...] = (),
    looks_like: Callable[[Payload], bool] = lambda _: False,
    rank: int = 50,
) -> Callable[[Parse], Parse]:
    """Register a function as the parser of a format.

    `content_types` are the media types that belong to this format alone (not `text/html`); `looks_like` must be
    cheap and may not raise anything but `ParseError`.
    """

    def register(read: Parse) -> Parse:
        if name in _PARSERS:
            raise ValueError(f"two parsers are named {name!r}")
        _PARSERS[name] = Parser(name, read, frozenset(content_types), looks_like, rank)
        return read

    return register


@cache
def _ranked() -> tuple[Parser, ...]:
    for module in iter_modules(formats.__path__):
        import_module(f"{formats.__name__}.{module.name}")
    return tuple(sorted(_PARSERS.values(), key=lambda parser: (parser.rank, parser.name)))


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, in the order in which they look at a document."""
    return tuple(parser.name for parser in _ranked())


def format_named(written: str) -> str | None:
    """Return the name of the format that is meant, or None; `plain_text` was once how `plain-text` was written."""
    _ranked()
    name = written.replace("_", "-")
    return name if name in _PARSERS else None


def content_types(name: str) -> frozenset[str]:
    """Return the media types that belong to a format alone."""
    _ranked()
    return _PARSERS[name].content_types


def detect(payload: Payload) -> str:
    """Return the format's name; raises `ParseError` when no parser knows the document."""
    return _choose(payload).name


def _choose(payload: Payload) -> Parser:
    stated = payload.document.format or (payload.source.format if payload.source.format != "auto" else None)
    if stated:
        name = format_named(stated)
        if name is None:
            raise ParseError(f"unknown format {stated!r}; known are: {', '.join(sorted(_PARSERS))}")
        return _PARSERS[name]
    typed = [parser for parser in _ranked() if payload.media_type in parser.content_types]
    if len(typed) == 1:
        return typed[0]
    broken: str | None = None
    for candidate in typed or _ranked():
        try:
            if candidate.looks_like(payload):
                return candidate
        except ParseError as error:
            broken = broken or str(error)
    raise ParseError(
        f"no known format in this {payload.media_type or 'untyped'} document{f' ({broken})' if broken else ''}; "
        f"name one with its format ({', '.join(sorted(_PARSERS))})"
    )


def parse(
    document: Document, source: Source, limits: Limits | None = None, memory: PieceMemory | None = None
) -> Parsed:
    """Return a document's posts; raises `ParseError` when none of it can be read.

    `memory` remembers what the pieces of pages became: the posts are the same without it, and later.
    """
    limits = limits or Limits()
    if len(document.body) > limits.max_bytes:
        raise ParseError(f"the document has {len(document.body):,} bytes; at most {limits.max_bytes:,} are read")
    if not document.body.strip():
        raise ParseError("the document is empty")
    payload = Payload(document, source, limits, memory)
    try:
        chosen = _choose(payload)
        parsed = chosen.read(payload)
    except (OverflowError, UnicodeError) as error:  # a year 9999 a zone further, half a character: input, no bug
        raise ParseError(f"a time or a character in the document is out of range: {error}") from error
    count = len(parsed.posts) + len(parsed.bad)
    if count > limits.max_posts:
        raise ParseError(f"the document has {count:,} posts; at most {limits.max_posts:,} are read")
    return replace(parsed, format=chosen.name, version=PARSER_VERSION)
