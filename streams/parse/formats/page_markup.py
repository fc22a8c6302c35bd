"""Pages that mark their posts by repeated markup alone: siblings of one make, each with a time of its own."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median
from typing import Final

from selectolax.lexbor import LexborNode

from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.html.take_apart import outermost
from streams.parse.items.merge import merge_posts
from streams.parse.pages.element import Element, page_url, read_element, short_text, stamp_of
from streams.parse.pages.page_day import dated_day
from streams.parse.parsed import BadPart, Parsed, collect
from streams.parse.payload.payload import Content
from streams.parse.registry import parser
from streams.parse.times.clock_days import Dated, resolve
from streams.parse.times.moment import Moment

_MARKERS: Final = (
    "time, amp-timeago, [data-timestamp], [data-post-time], [data-sort-time], [data-block-time], [data-utime], "
    '[class*="time"], [class*="clock"], [class*="stamp"], [class*="date"], [class*="Time"]'
)
_LEAVES: Final = "span, p, div, strong, b, a, h2, h3, h4, h5, small, em, td, dt"
_AROUND: Final = re.compile(
    r"(?i)nav|footer|sidebar|related|recommend|most-?(?:read|viewed)|comments?(?:-list)?$|menu|trending"
)
_FEWEST: Final = 3
_LEAST_TEXT: Final = 40
_MOST_LINKED: Final = 0.6
_HIGHEST: Final = 12
"""Levels from a time up to the element of its post."""


@dataclass(frozen=True)
class Group:
    """Siblings that each hold a time."""

    nodes: tuple[LexborNode, ...]

    @cached_property
    def lengths(self) -> list[int]:
        """How much each says."""
        return [len(" ".join((node.text() or "").split())) for node in self.nodes]

    @property
    def score(self) -> float:
        """How much they look like posts: many of them, with much text."""
        return sum(min(length, 2000) for length in self.lengths)

    @property
    def is_posts(self) -> bool:
        """Whether they can be posts: text, not links to elsewhere."""
        if len(self.nodes) < _FEWEST or median(self.lengths) < _LEAST_TEXT:
            return False
        linked = sum(len(a.text() or "") for node in self.nodes for a in node.css("a"))
        return linked < _MOST_LINKED * sum(self.lengths)


def _is_page(content: Content) -> bool:
    return content.looks_like_html and len(content.document.body) > _LEAST_TEXT and find_posts(content) is not None


@parser("page-markup", looks_like=_is_page, rank=95)
def parse_page_markup(content: Content) -> Parsed:
    """Read the page's most telling group of siblings, each as a post."""
    group = find_posts(content)
    if group is None:
        raise ParseError("no repeated markup with times in this page")
    elements, unread = read_group(group, content)
    moments = moments_of(elements, content, dated_day(content))
    url = page_url(content)
    items = [
        (f"/{place}", (element, moment)) for place, (element, moment) in enumerate(zip(elements, moments, strict=True))
    ]
    posts, bad = collect(content, items, lambda item: _post(content, item[0], item[1], url))
    return Parsed(merge_posts(posts), (*unread, *bad))


def find_posts(content: Content) -> Group | None:
    """Return the siblings that are the page's posts, or None."""
    body = content.html.body
    if body is None:
        return None
    groups = [group for group in _groups(_times_in(body)) if group.is_posts]
    return max(groups, key=lambda group: group.score, default=None)


def read_group(group: Group, content: Content) -> tuple[list[Element], list[BadPart]]:
    """Return what each of the siblings says, and those that can't be read; one that shows no time says nothing."""
    elements: list[Element] = []
    bad: list[BadPart] = []
    if len(group.nodes) > content.limits.max_posts:
        raise ParseError(f"the page has {len(group.nodes):,} posts; at most {content.limits.max_posts:,} are read")
    for place, node in enumerate(group.nodes):
        try:
            element = read_element(node, content)
        except ParseError as error:
            bad.append(BadPart(f"/{place}", str(error), (node.html or "").encode(errors="replace")))
            continue
        if element and (element.published or element.stamp):
            elements.append(element)
    return elements, bad


def moments_of(elements: list[Element], content: Content, day: date | None) -> list[Moment | None]:
    """Return the instant of each; clocks without a date are put in order."""
    clocks = [
        (place, element.stamp) for place, element in enumerate(elements) if not element.published and element.stamp
    ]
    placed = resolve([Dated(stamp) for _, stamp in clocks], content, day)
    found = dict(zip((place for place, _ in clocks), placed, strict=True))
    return [element.published or found.get(place) for place, element in enumerate(elements)]


def _times_in(body: LexborNode) -> Iterable[LexborNode]:
    seen: set[int] = set()
    for node in body.css(_MARKERS):
        if node.mem_id not in seen and (_has_time(node) or stamp_of(short_text(node))):
            seen.add(node.mem_id)
            yield node
    for node in body.css(_LEAVES):
        if node.mem_id not in seen and stamp_of(short_text(node)):
            seen.add(node.mem_id)
            yield node


def _has_time(node: LexborNode) -> bool:
    names = ("datetime", "data-timestamp", "data-post-time", "data-sort-time", "data-block-time", "data-utime")
    return any((node.attributes.get(name) or "")[:1].isdigit() for name in names)


def _groups(times: Iterable[LexborNode]) -> list[Group]:
    """Return for each parent its children that hold a time, at any height above the times."""
    children: dict[tuple[str, ...], dict[int, LexborNode]] = defaultdict(dict)
    for node in times:
        own: LexborNode | None = node
        for _ in range(_HIGHEST):
            above = own.parent if own is not None else None
            if own is None or above is None or own.tag in ("body", "html"):
                break
            if _AROUND.search(f"{own.tag} {own.attributes.get('class') or ''} {own.id or ''}") and own.tag != "time":
                break
            # Parents of one make are one list: a page may part its posts by day.
            children[above.tag or "", above.attributes.get("class") or str(above.mem_id), own.tag or ""][own.mem_id] = (
                own
            )
            own = above
    # Posts in posts of the same make would be read again with each that they stand in.
    groups = [outermost(list(nodes.values())) for nodes in children.values() if len(nodes) >= _FEWEST]
    return [Group(tuple(nodes)) for nodes in groups if len(nodes) >= _FEWEST]


def _post(content: Content, element: Element, moment: Moment | None, url: str | None) -> Post | None:
    if not (element.headline or element.html.strip() or element.media or element.embeds):
        return None
    return build_post(
        content,
        id=element.anchor,
        url=f"{url}#{element.anchor}" if url and element.anchor else None,
        published=moment,
        updated=element.updated,
        headline=element.headline,
        body_html=element.html,
        authors=element.authors,
        media=element.media,
        embeds=element.embeds,
        key_event=element.key_event,
    )
