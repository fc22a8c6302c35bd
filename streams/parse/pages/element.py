"""A post read from its element on a page: anchor, times, headline, authors, body, as far as the markup shows them."""

import re
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.post import Embed, Media
from streams.parse.html.take_apart import outermost, take_apart
from streams.parse.pages.short_text import short_text, stamp_of
from streams.parse.payload.payload import Payload
from streams.parse.payload.pieces import piece_of
from streams.parse.times.moment import Moment, read_time
from streams.parse.times.stamp import Stamp
from streams.parse.words.byline import without_by
from streams.parse.words.clean import clean_line

_OWN_TIMES: Final = (
    "data-post-time", "data-sort-time", "data-block-time", "data-published", "data-published-time", "data-publish-time",
    "data-created", "data-timestamp", "data-time", "data-date", "data-datetime", "data-utime", "data-unix",
)  # fmt: skip
_OWN_UPDATES: Final = (
    "data-last-modified-time",
    "data-update-time",
    "data-updated",
    "data-modified",
    "data-last-updated",
)
_TIME_NODES: Final = "time, amp-timeago, abbr[title], [datetime], [data-timestamp], [data-time], [data-utime]"
_CLOCK_NODES: Final = (
    '[class*="time"], [class*="date"], [class*="clock"], [class*="stamp"], [class*="hour"], [class*="Time"]'
)
_AUTHOR_NODES: Final = (
    '[rel~="author"], [itemprop~="author"], [class*="author"], [class*="byline"], [class*="Author"], [class*="Byline"]'
)
_TITLES: Final = "h1, h2, h3, h4, h5, h6"
_TITLE_CLASSES: Final = '[class*="headline"], [class*="title"], [class*="ttl"], [class*="Headline"], [class*="Title"]'
_LEAVES: Final = "span, div, strong, b, a, h2, h3, h4, small, em, p, td, dt, li"
_NAME: Final = re.compile(r"[^\W\d_][\w.'\u2019-]+(?: [\w.'\u2019-]+){1,3}")
_UPDATED: Final = re.compile(r"(?i)updat|modif|edited|aggiorn|actuali|aktuali")
_UPDATE_MARK: Final = re.compile(
    r"(?i)^(?:last )?(?:updated|modified|edited|published|posted|aggiornato|actualizado|aktualisiert|mis \u00e0 jour)"
    r"(?: at| on| alle| el| um| \u00e0)?\s*:?\s*"
)
_KEY_LABEL: Final = re.compile(r"(?i)key (?:event|moment|update)|punto chiave|evento clave")
_KEY_ELEMENT: Final = re.compile(r"(?i)(?:^|[\s_-])(?:is-)?key-?(?:event|moment|post)(?=[\s_-]|$)")
_LONGEST_TITLE_CHARS: Final = 300
_LONGEST_NAME_CHARS: Final = 80
_NEAR_LEVELS: Final = 3
_SUBHEADINGS: Final = ("h2", "h3", "h4")
_SEVERAL_HEADINGS: Final = 2
"""So many headings that are dates part a post's text by days; one is the post's own date."""


@dataclass(frozen=True, slots=True)
class Element:
    """The parts of a post's element."""

    anchor: str | None
    html: str
    headline: str | None = None
    published: Moment | None = None
    stamp: Stamp | None = None
    """The clock that it shows, if it has no full time."""
    updated: Moment | None = None
    authors: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    embeds: tuple[Embed, ...] = ()
    key_event: bool = False
    piece: bytes = b""
    """Names the markup that it was read from; empty if it would be another at another moment."""


def page_url(payload: Payload) -> str | None:
    """Return the page's permanent address: its canonical link, otherwise the document's address."""
    for selector, name in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        node = payload.html.css_first(selector)
        if node and (url := node.attributes.get(name)) and url.startswith(("http://", "https://")):
            return url
    return payload.document.url


def read_element(node: LexborNode, payload: Payload, body: str | None = None) -> Element | None:
    """Return the parts of an element, or None if it is empty; `body` selects the element of its text, if known."""
    html = node.html or ""
    piece = piece_of(b"element", html, body)
    return payload.again(piece, lambda: _read(html, payload, body, piece))


def _read(html: str, payload: Payload, body: str | None, piece: bytes) -> Element | None:
    asked = payload.asked_when_received
    # A copy, for the parts are removed as they are read.
    page = LexborHTMLParser(f"<html><body>{html}</body></html>")
    root = page.css_first("body > *")
    if root is None:
        return None
    anchor = _anchor(root)
    published, updated, stamp = _times(root, payload)
    authors = tuple(
        name
        for author in root.css(_AUTHOR_NODES)
        if (name := clean_line(author.text())) and len(name) < _LONGEST_NAME_CHARS
    )
    headline = _headline(root)
    beside = _beside_time(root)
    key_event = bool(_KEY_LABEL.fullmatch(beside or "")) or _is_key(root)
    if beside and not authors and not _KEY_LABEL.fullmatch(beside):
        authors = (beside,)
    _take_out(root)
    inner = root.css_first(body) if body else None
    pieces = take_apart((inner or root).inner_html or "")
    return Element(
        anchor=anchor,
        html=pieces.html,
        headline=headline,
        published=published,
        stamp=stamp,
        updated=updated,
        authors=tuple(dict.fromkeys(map(without_by, authors))),
        media=pieces.media,
        embeds=pieces.embeds,
        key_event=key_event,
        piece=piece if asked == payload.asked_when_received else b"",
    )


def _anchor(root: LexborNode) -> str | None:
    for name in ("id", "data-id", "data-post-id", "data-entry-id", "data-block-id", "data-source-id"):
        if value := root.attributes.get(name):
            return value
    own = root.css_first('a[href^="#"], a[name], a[id]')
    if own is not None:
        href = own.attributes.get("href") or ""
        return (
            href.removeprefix("#") if href.startswith("#") and len(href) > 1 else own.attributes.get("name") or own.id
        )
    inner = root.css_first("[id]")
    return inner.id if inner is not None else None


def _times(root: LexborNode, payload: Payload) -> tuple[Moment | None, Moment | None, Stamp | None]:
    published = next((m for name in _OWN_TIMES if (m := read_time(root.attributes.get(name), payload))), None)
    updated = next((m for name in _OWN_UPDATES if (m := read_time(root.attributes.get(name), payload))), None)
    stamp: Stamp | None = None
    for node in root.css(_TIME_NODES):
        stated = node.attributes
        names = ("datetime", "data-timestamp", "data-time", "data-utime", "title", "content")
        moment = next((m for name in names if (m := read_time(stated.get(name), payload))), None)
        is_update = bool(_UPDATED.search(f"{stated.get('class') or ''} {_before(node)}"))
        if moment and is_update:
            updated = updated or moment
        elif moment:
            published = published or moment
        elif stamp is None and not is_update:
            stamp = stamp_of(short_text(node))
    if published is None and stamp is None:
        stamp = next((found for node in root.css(_CLOCK_NODES) if (found := stamp_of(short_text(node)))), None)
    if published is None and stamp is None:
        leaves = (node for node in root.css(_LEAVES))
        stamp = next((found for node in leaves if (found := stamp_of(short_text(node)))), None)
    return published, updated, None if published else stamp


def _is_key(root: LexborNode) -> bool:
    """Whether the element itself is marked as a key event, not one of the page's list of them."""
    return any(
        _KEY_ELEMENT.search(root.attributes.get(name) or "") for name in ("class", "data-type", "data-post-type")
    )


def _before(node: LexborNode) -> str:
    """Return the text of the element around a time, such as "Updated at 19.38"."""
    above = node.parent
    return (short_text(above) or "") if above is not None else ""


def _headline(root: LexborNode) -> str | None:
    for selector in (_TITLES, _TITLE_CLASSES):
        for node in root.css(selector):
            line = clean_line(node.text() or "")
            if line and len(line) < _LONGEST_TITLE_CHARS and not stamp_of(line) and len(node.css("p")) <= 1:
                node.decompose()
                return line
    return None


def _take_out(root: LexborNode) -> None:
    """Remove times and authors, which are no part of the text."""
    marked = root.css(f"{_TIME_NODES}, {_AUTHOR_NODES}, {_CLOCK_NODES}")
    for node in outermost([node for node in marked if node.mem_id != root.mem_id and _is_small(node)]):
        node.decompose()
    stamps = [node for node in root.css(_LEAVES) if _is_stamp(node) and not _goes_on(node) and not _is_in_row(node)]
    if sum(1 for node in stamps if node.tag in _SUBHEADINGS) >= _SEVERAL_HEADINGS:
        stamps = [node for node in stamps if not _is_in_subheading(node)]
    for node in outermost(stamps):
        if node.mem_id != root.mem_id:
            node.decompose()


def _is_in_row(node: LexborNode) -> bool:
    """Whether a time stands in a table's cell; the very first one is the post's own, as in posts set as tables."""
    cell: LexborNode | None = node
    for _ in range(_NEAR_LEVELS):
        if cell is None or cell.tag in ("td", "th"):
            break
        cell = cell.parent
    if cell is None or cell.tag not in ("td", "th"):
        return False
    row = cell.parent
    body = row.parent if row is not None else None
    around = [box for box in (row, body) if box is not None and box.tag in ("tr", "tbody", "tfoot")]
    return any(_is_preceded(box) for box in (cell, *around))


def _is_preceded(node: LexborNode) -> bool:
    before = node.prev
    while before is not None and before.tag == "-text":
        before = before.prev
    return before is not None


def _is_in_subheading(node: LexborNode) -> bool:
    return node.tag in _SUBHEADINGS or (node.parent is not None and node.parent.tag in _SUBHEADINGS)


def _goes_on(node: LexborNode) -> bool:
    """Whether text stands right before an element: then a time in it, such as a year, belongs to the sentence."""
    before = node.prev
    return before is not None and before.tag == "-text" and (before.text_content or "").strip(" \n\t\r|\u00b7-") != ""


def _is_stamp(node: LexborNode) -> bool:
    """Whether an element is a time and nothing else; "Updated at 19.38" counts."""
    text = " ".join((short_text(node) or "").split())
    rest = _UPDATE_MARK.sub("", text)
    return bool(text) and (stamp_of(rest) is not None or (not rest and rest != text))


def _beside_time(root: LexborNode) -> str | None:
    """Return the name that shares a small box with the time, which goes with it."""
    for node in root.css(_TIME_NODES):
        box = node.parent
        if box is None or box.mem_id == root.mem_id or not _is_small(box):
            continue
        rest = clean_line((box.text() or "").replace(node.text() or "", "", 1))
        box.decompose()
        return rest if _NAME.fullmatch(rest) else None
    return None


def _is_small(node: LexborNode) -> bool:
    return (
        short_text(node, _LONGEST_NAME_CHARS) is not None and node.css_first("p, img, figure, h1, h2, h3, h4") is None
    )
