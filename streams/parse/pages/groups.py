"""Repeated markup: siblings of one make on a page, each with a time of its own, are its posts."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from statistics import median
from typing import Final

from selectolax.lexbor import LexborNode

from streams.exceptions import ParseError
from streams.parse.html.take_apart import outermost
from streams.parse.pages.element import Element, read_element
from streams.parse.pages.short_text import short_text, stamp_of
from streams.parse.parsed import BadPart
from streams.parse.payload.payload import Payload
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
_FEWEST_POSTS: Final = 3
_LEAST_TEXT_CHARS: Final = 40
_MOST_LINKED_SHARE: Final = 0.6
_HIGHEST_LEVELS: Final = 12
"""Levels from a time up to the element of its post."""


@dataclass(frozen=True)
class Group:
    """Siblings that each hold a time."""

    nodes: tuple[LexborNode, ...]

    @cached_property
    def lengths(self) -> list[int]:
        """Characters of text in each."""
        return [len(" ".join((node.text() or "").split())) for node in self.nodes]

    @property
    def score(self) -> float:
        """How likely it is that they are posts: many of them, with much text."""
        return sum(min(length, 2000) for length in self.lengths)

    @property
    def is_posts(self) -> bool:
        """Whether they can be posts: text rather than links."""
        if len(self.nodes) < _FEWEST_POSTS or median(self.lengths) < _LEAST_TEXT_CHARS:
            return False
        linked = sum(len(a.text() or "") for node in self.nodes for a in node.css("a"))
        return linked < _MOST_LINKED_SHARE * sum(self.lengths)


def find_posts(payload: Payload) -> Group | None:
    """Return the siblings that are the page's posts, or None."""
    body = payload.html.body
    if body is None:
        return None
    groups = [group for group in _groups(_times_in(body)) if group.is_posts]
    return max(groups, key=lambda group: group.score, default=None)


def read_group(group: Group, payload: Payload) -> tuple[list[Element], list[BadPart]]:
    """Return the elements of the siblings that show a time, and the siblings that cannot be read."""
    elements: list[Element] = []
    bad: list[BadPart] = []
    if len(group.nodes) > payload.limits.max_posts:
        raise ParseError(f"the page has {len(group.nodes):,} posts; at most {payload.limits.max_posts:,} are read")
    for place, node in enumerate(group.nodes):
        try:
            element = read_element(node, payload)
        except ParseError as error:
            bad.append(BadPart(f"/{place}", str(error), (node.html or "").encode(errors="replace")))
            continue
        if element and (element.published or element.stamp):
            elements.append(element)
    return elements, bad


def moments_of(elements: list[Element], payload: Payload, day: date | None) -> list[Moment | None]:
    """Return the instant of each; clocks without a date are put in order."""
    clocks = [
        (place, element.stamp) for place, element in enumerate(elements) if not element.published and element.stamp
    ]
    placed = resolve([Dated(stamp) for _, stamp in clocks], payload, day)
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
    climbed: dict[int, int] = {}
    for node in times:
        own: LexborNode | None = node
        for left in range(_HIGHEST_LEVELS, 0, -1):
            if own is None or climbed.get(own.mem_id, 0) >= left:  # from here on another time led the same way
                break
            climbed[own.mem_id] = left
            above = own.parent
            if above is None or own.tag in ("body", "html"):
                break
            if _AROUND.search(f"{own.tag} {own.attributes.get('class') or ''} {own.id or ''}") and own.tag != "time":
                break
            # Parents of one make are one list: a page may part its posts by day.
            children[above.tag or "", above.attributes.get("class") or str(above.mem_id), own.tag or ""][own.mem_id] = (
                own
            )
            own = above
    # Posts in posts of the same make would be read again with each that they stand in.
    groups = [outermost(list(nodes.values())) for nodes in children.values() if len(nodes) >= _FEWEST_POSTS]
    return [Group(tuple(nodes)) for nodes in groups if len(nodes) >= _FEWEST_POSTS]
