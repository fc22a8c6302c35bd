"""A feed's XML, often broken: read strictly first, then repaired; entities of a document type are never read."""

import re
from html.entities import html5
from typing import Final

from lxml import etree

from streams.exceptions import ParseError
from streams.parse.payload.safe_xml import whole_references, xml_parser
from streams.parse.payload.xml_bounds import check_xml_bounds

_BEFORE: Final = re.compile(r"^[^<]*(?:<\?xml[^>]*\?>)?")
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^\[>]{0,2000}(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CDATA: Final = "<![CDATA["
_CDATA_END: Final = "]]>"
_PROLOG_CHARS: Final = 32_768
"""A document type stands before the root; looked for in all of a feed, it would be tried at each `<!DOCTYPE`."""
_NAMED: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(\w{2,31};)?")
_NAMES: Final = {
    "http://search.yahoo.com/mrss/": "media", "http://search.yahoo.com/mrss": "media",
    "http://purl.org/rss/1.0/modules/content/": "content", "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms", "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf", "http://purl.org/atompub/tombstones/1.0": "tombstone",
}  # fmt: skip
_PLAIN: Final = ("atom", "rss", "netscape", "userland")


def read_xml(text: str) -> etree._Element:
    """Return the root of a feed; raises `ParseError` where there is no XML at all."""
    text = _FORBIDDEN.sub("", _BEFORE.sub("", text, count=1))
    text = whole_references(_DOCTYPE.sub("", text[:_PROLOG_CHARS], count=1) + text[_PROLOG_CHARS:])
    check_xml_bounds(text)
    for broken in (False, True):
        parser = xml_parser("utf-8", recover=broken)
        try:
            root = etree.fromstring((_repaired(text) if broken else text).encode(errors="replace"), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            if broken:
                raise ParseError(f"not a feed: {error}") from error
            continue
        if root is not None:
            return root
    raise ParseError("not a feed: there is no XML in it")


def name_of(element: etree._Element) -> str:
    """Return a tag's local name, with a prefix of ours for the namespaces that extend feeds."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag[:1] != "{":  # no namespace, or a prefix that nobody declared
        return tag
    namespace, _, local = tag[1:].partition("}")
    if prefix := _NAMES.get(namespace):
        return f"{prefix}:{local}"
    return local if any(plain in namespace.lower() for plain in _PLAIN) else f"other:{local}"


def text_of(element: etree._Element) -> str:
    """Return an element's text; that of XHTML inside it as markup."""
    if not len(element):
        return element.text or ""
    inner = (etree.tostring(child, encoding="unicode") for child in element)
    return (element.text or "") + "".join(inner)


def _repaired(text: str) -> str:
    """Give HTML's named entities as characters and write a bare ampersand out, but in CDATA."""
    pieces: list[str] = []
    at = 0
    while (start := text.find(_CDATA, at)) >= 0 and (end := text.find(_CDATA_END, start)) >= 0:
        end += len(_CDATA_END)
        pieces += [_NAMED.sub(_character, text[at:start]), text[start:end]]
        at = end
    return "".join([*pieces, _NAMED.sub(_character, text[at:])])


def _character(found: re.Match[str]) -> str:
    return html5.get(found[1] or "", f"&amp;{found[1] or ''}")
