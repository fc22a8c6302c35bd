"""The posts in a page's markup, and a search for the post of an update in its JSON-LD."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from selectolax.lexbor import LexborNode

from streams.parse.items.shape import first_text
from streams.parse.pages.element import Element, read_element
from streams.parse.pages.groups import find_posts, moments_of, read_group
from streams.parse.pages.letters import letters_of_html
from streams.parse.pages.page_day import dated_day
from streams.parse.payload.payload import Payload
from streams.parse.payload.pieces import piece_of
from streams.parse.times.moment import Moment, read_time

_PREFIXES_LETTERS: Final = (24, 12)
_LONGEST_PREFIX_LETTERS: Final = 60
_FEWEST_ANCHORS: Final = 2
_MOST_CANDIDATES: Final = 8
_SHORTEST_NUMBER_DIGITS: Final = 4
_HIGHEST_LEVELS: Final = 12
"""Levels from an anchor up to the element of its post."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as the markup shows it."""

    element: Element
    moment: Moment | None
    letters: str
    body_letters: str


@dataclass(slots=True)
class ShownPosts:
    """The posts that the markup shows, by what an update may be known by; each lookup costs the same."""

    posts: list[Shown]
    _by_anchor: dict[str, Shown] = field(default_factory=dict)
    _by_number: dict[str, Shown] = field(default_factory=dict)
    _by_beginning: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    _by_minute: dict[datetime, list[Shown]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for post in self.posts:
            if anchor := post.element.anchor:
                self._by_anchor.setdefault(anchor, post)
                self._by_number.setdefault(re.sub(r"\D", "", anchor), post)
            for text in (post.body_letters, post.letters):
                for length in _PREFIXES_LETTERS:
                    self._by_beginning[text[:length]].append(post)
            if post.moment:
                self._by_minute[_minute(post.moment)].append(post)

    def of(self, stated: dict[str, Any], place: int, count: int, payload: Payload) -> Shown | None:
        """Return the post that an update is: by its anchor, else by how its text begins, else by its place."""
        fragment = _fragment(stated)
        number = re.sub(r"\D", "", fragment)
        known = self._by_anchor.get(fragment)
        if known is None and len(number) >= _SHORTEST_NUMBER_DIGITS:
            known = self._by_number.get(number)
        if fragment and known:
            return known
        body = first_text(stated.get("articleBody")) or ""
        own = payload.again(piece_of(b"beginning", body), lambda: letters_of_html(body)[:_LONGEST_PREFIX_LETTERS])
        if own:
            length = next((length for length in _PREFIXES_LETTERS if len(own) >= length), len(own))
            moment = read_time(first_text(stated.get("datePublished")), payload)
            alike = [*self._by_beginning.get(own[:length], [])[:_MOST_CANDIDATES]]
            if moment:
                alike += self._by_minute.get(_minute(moment), [])[:_MOST_CANDIDATES]
            return next((item for item in alike if own in item.letters), None)
        return self.posts[place] if len(self.posts) == count else None


def shown_posts(updates: Iterable[dict[str, Any]], payload: Payload) -> ShownPosts:
    """Return the posts that repeat in the page's markup, else what stands around the updates' anchors."""
    group = payload.once(find_posts)
    if group is not None:
        elements, _ = read_group(group, payload)  # what can't be read corrects nothing
    else:
        elements = list(_anchored({_fragment(update) for update in updates} - {""}, payload))
    moments = moments_of(elements, payload, dated_day(payload)) if elements else []
    return ShownPosts([
        Shown(element, moment, *_letters(element, payload))
        for element, moment in zip(elements, moments, strict=True)
    ])  # fmt: skip


def _letters(element: Element, payload: Payload) -> tuple[str, str]:
    """Return the letters of a post's element, and those of its text alone."""

    def read() -> tuple[str, str]:
        return letters_of_html(f"{element.headline or ''} {element.html}"), letters_of_html(element.html)

    return payload.again(piece_of(b"letters", element.piece), read) if element.piece else read()


def _anchored(fragments: set[str], payload: Payload) -> Iterable[Element]:
    """Yield the largest element around each anchor that holds no other anchor."""
    anchors = [node for node in payload.html.css("[id]") if node.id in fragments]
    if len(anchors) < _FEWEST_ANCHORS:
        return
    within = Counter(above.mem_id for node in anchors for above in _upwards(node))
    for node in anchors:
        post = node
        for above in _upwards(node):
            if within[above.mem_id] > 1 or above.tag in ("body", "html"):
                break
            post = above
        if element := read_element(post, payload):
            yield replace(element, anchor=node.id)


def _upwards(node: LexborNode) -> Iterable[LexborNode]:
    above: LexborNode | None = node
    for _ in range(_HIGHEST_LEVELS):
        above = above.parent if above is not None else None
        if above is None:
            return
        yield above


def _fragment(stated: dict[str, Any]) -> str:
    return (first_text(stated.get("url")) or "").partition("#")[2]


def _minute(moment: Moment) -> datetime:
    return moment.at.replace(second=0, microsecond=0)
