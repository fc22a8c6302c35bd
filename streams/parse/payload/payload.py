"""A document as a parser sees it: its text, JSON, HTML or XML, each made once and only when asked for."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from html.entities import html5
from typing import Any, TypeVar

import orjson
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from schemas.document import Document
from schemas.newsroom import Source
from streams.exceptions import ParseError
from streams.parse.payload.charset import decode
from streams.parse.payload.depth import check_html_depth, check_json_depth
from streams.parse.payload.limits import Limits
from streams.parse.payload.pieces import MISSING, Key, PieceMemory, Pieces
from streams.parse.payload.safe_xml import whole_references, xml_parser
from streams.parse.payload.xml_bounds import check_xml_bounds

Made = TypeVar("Made")


@dataclass(frozen=True)
class Payload:
    """A document, the source it is from, and how much of it may be read.

    The properties raise `ParseError` where the bytes are not what the property is named after.
    """

    document: Document
    source: Source
    limits: Limits = field(default_factory=Limits)
    memory: PieceMemory | None = field(default=None, repr=False, compare=False)
    """What pieces of earlier pages became, if they are remembered."""
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _dated: list[None] = field(default_factory=list, init=False, repr=False, compare=False)
    """One for each time that `received_at` was asked for."""

    @property
    def received_at(self) -> datetime:
        """When the document was received; whoever asks for it makes what is read depend on it."""
        self._dated.append(None)
        return self.document.received_at

    @property
    def asked_when_received(self) -> int:
        """How often `received_at` was asked for."""
        return len(self._dated)

    def again(self, key: Key, read: Callable[[], Made]) -> Made:
        """Return what the piece with this key became on the source's last page, or read it.

        The key must cover all that `read` depends on, but for the source's settings, the document's address, the
        limits and the year; if it asks when the document was received, it is read each time.
        """
        pieces = self._pieces
        if pieces is None:
            return read()
        found = pieces.get(key)
        if found is MISSING:
            asked = self.asked_when_received
            found = read()
            if asked == self.asked_when_received:
                pieces.put(key, found)
        made: Made = found
        return made

    @cached_property
    def _pieces(self) -> Pieces | None:
        document = self.document
        context = (self.source, document.url, self.limits, document.received_at.year)
        return self.memory.of(document.source_id, context) if self.memory else None

    def once(self, make: Callable[["Payload"], Made]) -> Made:
        """Return the result of a function of this document; a format's `looks_like` and its parser share one run.

        The function is the key, so it must be one of a module, not a lambda; callers do not change the result.
        """
        if make not in self._made:
            self._made[make] = make(self)
        found: Made = self._made[make]
        return found

    @cached_property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.document.content_type.partition(";")[0].strip().lower()

    @cached_property
    def head(self) -> bytes:
        """The first 4 KiB in UTF-8, without byte order mark and leading white space: enough to recognise a format."""
        if self.document.body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return self.document.body[:4096].decode("utf-16", errors="ignore").lstrip().encode()
        return self.document.body[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()

    @cached_property
    def text(self) -> str:
        """The body as text; charset by header, declaration in the document, then detection."""
        return decode(self.document.body, self.document.content_type)

    @cached_property
    def looks_like_json(self) -> bool:
        """Whether the body begins as a JSON object or array does."""
        return self.head[:1] in (b"{", b"[")

    @cached_property
    def looks_like_html(self) -> bool:
        """Whether the body is an HTML page or a piece of one."""
        return self.media_type in ("text/html", "application/xhtml+xml") or bool(
            re.match(rb"(?i)<!doctype html|<html|<head|<body|<div|<article|<script", self.head)
        )

    @cached_property
    def looks_like_xml(self) -> bool:
        """Whether the body begins as XML does and is no HTML page."""
        return self.head[:1] == b"<" and not self.looks_like_html

    @cached_property
    def json(self) -> Any:
        """The body as JSON."""
        try:
            found = orjson.loads(self.document.body.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            try:  # not UTF-8
                found = orjson.loads(self.text)
            except orjson.JSONDecodeError as error:
                raise ParseError(f"not JSON: {error}") from error
        check_json_depth(found, self.limits.max_depth)
        return found

    @cached_property
    def html(self) -> LexborHTMLParser:
        """The body as an HTML tree (WHATWG parsing, by lexbor)."""
        check_html_depth(self.text, self.limits.max_depth)
        return LexborHTMLParser(self.text)

    @cached_property
    def xml(self) -> etree._Element:
        """The root of the body as XML; entities are not resolved, no network, no DTD."""
        body = self.document.body.removeprefix(b"\xef\xbb\xbf").lstrip()
        check_xml_bounds(body if b"\x00" not in body[:64] else self.text)
        try:
            # Valid UTF-8 is read as UTF-8 whatever the declaration says; hardly any other text is valid by chance.
            root = etree.fromstring(body, xml_parser("utf-8" if _is_utf8(body) else None))
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            root = self._mended_xml(error)
        if root is None:
            raise ParseError("not XML: the document is empty")
        return root

    def _mended_xml(self, found: Exception) -> etree._Element:
        """Return the root after repairs of frequent faults: the charset, HTML's entities, control characters."""
        text = self.text.lstrip()
        if declaration := _DECLARATION.match(text):
            text = text[declaration.end() :]
        text = _HTML_ENTITY.sub(_character, whole_references(_CONTROL.sub("", text))).strip()
        try:
            return etree.fromstring(text.encode(), xml_parser("utf-8"))
        except (etree.XMLSyntaxError, ValueError) as error:
            raise ParseError(f"not XML: {found}") from error


_DECLARATION = re.compile(r"<\?xml[^>]{0,200}\?>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HTML_ENTITY = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,31});")


def _character(entity: re.Match[str]) -> str:
    """Return the character of HTML's entity; XML's own five and unknown ones stay."""
    if entity[1] in ("amp", "lt", "gt", "quot", "apos"):
        return entity[0]
    return html5.get(f"{entity[1]};", entity[0])


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
