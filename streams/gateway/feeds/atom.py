"""Atom, RFC 4287."""

from typing import Any, Final

from lxml import etree

from streams.gateway.feeds.coverage_feed import NO_TIME, CoverageFeed, Item, time_text, web_address
from streams.gateway.feeds.xml_text import add, document

_ATOM: Final = "http://www.w3.org/2005/Atom"
_NAMESPACES: Final[Any] = {None: _ATOM}  # the default one, which lxml's types do not know
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(feed: CoverageFeed) -> bytes:
    """Return the feed as Atom."""
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMESPACES)
    if feed.language:
        root.set(_LANG, feed.language)
    add(root, _name("id"), feed.page)
    add(root, _name("title"), feed.title)
    add(root, _name("updated"), time_text(feed.updated or NO_TIME))
    add(root, _name("link"), rel="self", type="application/atom+xml", href=feed.address)
    add(root, _name("link"), rel="alternate", type="text/html", href=feed.page)
    _author(root, feed.publisher)
    add(root, _name("generator"), "Liveline")
    for item in feed.items:
        _entry(root, item)
    return document(root)


def _entry(root: etree._Element, item: Item) -> None:
    entry = item.entry
    element = add(root, _name("entry"))
    if entry.language:
        element.set(_LANG, entry.language)
    add(element, _name("id"), item.id)
    add(element, _name("title"), item.title)
    add(element, _name("published"), time_text(item.published))
    add(element, _name("updated"), time_text(item.updated))
    add(element, _name("link"), rel="alternate", href=item.link)
    for name in entry.authors or (entry.source_id,):
        _author(element, name)
    for subject in entry.subjects:
        if term := subject.code or subject.name:
            add(element, _name("category"), term=term, **({"label": subject.name} if subject.name else {}))
    for media in entry.media:
        if url := web_address(media.url):
            add(element, _name("link"), rel="enclosure", type=f"{media.type}/*", href=url)
    if entry.summary:
        add(element, _name("summary"), entry.summary)
    if entry.body_html:
        add(element, _name("content"), entry.body_html, type="html")
    else:
        add(element, _name("content"), item.text)


def _author(parent: etree._Element, name: str) -> None:
    add(add(parent, _name("author")), _name("name"), name)


def _name(tag: str) -> str:
    return f"{{{_ATOM}}}{tag}"
