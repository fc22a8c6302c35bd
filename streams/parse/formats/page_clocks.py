"""Pages whose posts are paragraphs that begin with a clock ("<p><strong>17.00</strong> ..."), one after another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from selectolax.lexbor import LexborNode

from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.html.take_apart import take_apart
from streams.parse.items.merge import merge_posts
from streams.parse.pages.page_day import dated_day, stated_zone
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.times.clock_days import Dated, resolve
from streams.parse.times.moment import Moment
from streams.parse.times.stamp import Stamp, read_stamp

_FEWEST_CLOCKS: Final = 3
_HEADINGS: Final = ("h2", "h3", "h4", "h5", "h6")
_BLOCKS: Final = ("p", *_HEADINGS, "ul", "ol", "blockquote", "figure", "table", "pre", "dl", "iframe")
_INNER: Final = ("div", "section", "article", "main", "span")
_LEADING: Final = re.compile(r"^\s*(<p[^>]*>|<h\d[^>]*>)?\s*((?:<(?:strong|b|em|i|span|a)\b[^>]*>\s*)+)", re.IGNORECASE)


@dataclass(slots=True)
class _Part:
    stamp: Stamp
    html: list[str] = field(default_factory=list)
    headline: str | None = None


def _is_page(payload: Payload) -> bool:
    if not payload.looks_like_html:
        return False
    return len(payload.once(_leaders)) >= _FEWEST_CLOCKS


@parser("page-clocks", looks_like=_is_page, rank=94)
def parse_page_clocks(payload: Payload) -> Parsed:
    """Read the blocks between one clock and the next as a post; the text above the first clock is left out."""
    leaders = payload.once(_leaders)
    if len(leaders) < _FEWEST_CLOCKS:
        raise ParseError("no paragraphs that begin with a clock in this page")
    parts = _parts(_common(leaders), {node.mem_id for node in leaders})
    zone = stated_zone(payload)
    stamps = [Dated(replace(part.stamp, zone=part.stamp.zone or zone)) for part in parts]
    moments = resolve(stamps, payload, dated_day(payload))
    items = [(f"/{place}", pair) for place, pair in enumerate(zip(parts, moments, strict=True))]
    posts, bad = collect(payload, items, lambda pair: _post(payload, pair[0], pair[1]))
    return Parsed(merge_posts(posts), tuple(bad))


def _leaders(payload: Payload) -> list[LexborNode]:
    """Return the paragraphs whose first words, in bold, are a clock."""
    found = []
    for mark in payload.html.css("p > strong, p > b, h3, h4, p > span"):
        node = mark.parent if mark.tag in ("strong", "b", "span") else mark
        if node is None or not (mark.text() or "").strip()[:1].isdigit():
            continue
        text = (node.text() or "").lstrip()
        stamp = read_stamp(text[:40])
        if stamp and stamp.clock and text.startswith((mark.text() or "").strip()[:4]) and _is_first(mark, node):
            found.append(node)
    return found


def _is_first(mark: LexborNode, node: LexborNode) -> bool:
    child = node.first_child
    while child is not None and child.tag in ("-text", "br", "_comment") and not (child.text_content or "").strip():
        child = child.next
    return mark.mem_id == node.mem_id or (child is not None and child.mem_id == mark.mem_id)


def _common(nodes: list[LexborNode]) -> LexborNode:
    """Return the lowest element that holds most of the nodes (a stray clock elsewhere must not widen it)."""
    counts: dict[int, int] = {}
    for node in nodes:
        above = node.parent
        while above is not None:
            counts[above.mem_id] = counts.get(above.mem_id, 0) + 1
            above = above.parent
    most = 0.8 * len(nodes)
    for node in nodes:
        above = node.parent
        while above is not None:
            if counts[above.mem_id] >= most:
                return above
            above = above.parent
    return nodes[0]


def _blocks(root: LexborNode) -> Iterator[LexborNode]:
    """Yield the blocks of text in order, going into the boxes around them; a stack, so depth can't hurt."""
    waiting = [root.first_child]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        waiting.append(node.next)
        if node.tag in _BLOCKS or (node.tag == "div" and node.css_first("p, h2, h3, h4, ul, blockquote, div") is None):
            yield node
        elif node.tag in _INNER:
            waiting.append(node.first_child)


def _parts(root: LexborNode, leaders: set[int]) -> list[_Part]:
    parts: list[_Part] = []
    for node in _blocks(root):
        if node.mem_id in leaders:
            text = (node.text() or "").lstrip()
            stamp = read_stamp(text[:40])
            if stamp is not None:
                parts.append(_started(node, stamp, text))
                continue
        if parts and not (node.tag in _HEADINGS and not (node.text() or "").strip()):
            parts[-1].html.append(node.html or "")
    return parts


def _started(node: LexborNode, stamp: Stamp, text: str) -> _Part:
    part = _Part(stamp)
    rest = text[stamp.end :].lstrip(" .:-\u2013\u2014|\n\t\u00a0")
    if node.tag in _HEADINGS:
        part.headline = rest or None
        return part
    html = node.html or ""
    if opening := _LEADING.match(html):
        # The clock is the first text in the paragraph: cut exactly it, keep the mark-up around what follows.
        clock = html[opening.end() :]
        cut = _cut(clock, text[: stamp.end])
        if cut is not None:
            part.html.append(f"{opening[0]}{cut}")
            return part
    part.html.append(f"<p>{rest}</p>")
    return part


def _cut(html: str, clock: str) -> str | None:
    place = html.find(clock.strip())
    if place == -1 or html[:place].strip():
        return None
    return html[place + len(clock.strip()) :].lstrip(" .:-\u2013\u2014|\u00a0")


def _post(payload: Payload, part: _Part, moment: Moment) -> Post | None:
    pieces = take_apart("\n".join(part.html))
    if not part.headline and not pieces.media and not pieces.embeds and not re.sub(r"<[^>]*>|\s", "", pieces.html):
        return None
    return build_post(
        payload,
        published=moment,
        headline=part.headline,
        body_html=pieces.html,
        media=pieces.media,
        embeds=pieces.embeds,
    )
