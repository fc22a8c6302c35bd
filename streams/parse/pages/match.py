"""What a page's markup says better than its JSON-LD, where that gives every update the page's own time or headline."""

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from streams.parse.formats.page_markup import find_posts, moments_of, read_group
from streams.parse.items.shape import as_dict, first_text
from streams.parse.pages.element import Element, letters_of_html, page_url
from streams.parse.pages.page_day import dated_day
from streams.parse.pages.schema_org import Update
from streams.parse.payload.payload import Content
from streams.parse.times.moment import Moment

_PREFIX: Final = 60
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class _Shown:
    element: Element
    moment: Moment | None
    letters: str


def corrected(updates: list[Any], blog_headlines: frozenset[str], content: Content) -> list[Update]:
    """Return the updates with what the markup says better.

    That is: the times and headlines, if the stated ones can't be the updates' own; and what an update shows that
    states no text (a picture, a social post).
    """
    stated = [as_dict(update) for update in updates]
    plain = [Update(update) for update in stated]
    if content.looks_like_json:
        return plain
    times = {first_text(update.get("datePublished")) for update in stated}
    same_time = len(stated) >= _FEWEST and len(times) == 1
    # An update's own time tells that its headline is its own as well.
    same_headline = same_time and {first_text(update.get("headline")) for update in stated} <= blog_headlines | {None}
    silent = [first_text(update.get("articleBody")) is None for update in stated]
    if not same_time and not any(silent):
        return plain
    shown = _shown(content)
    address = page_url(content)
    found: list[Update] = []
    for place, update in enumerate(plain):
        match = _match(update.stated, place, shown, len(plain))
        if match and same_time:
            update = _with(update, match, address, headline=same_headline)  # noqa: PLW2901
        if match and (silent[place] or (same_time and _is_cut(update.stated, match))):
            element = match.element
            update = replace(update, body_html=element.html, media=element.media, embeds=element.embeds)  # noqa: PLW2901
        found.append(update)
    return found


def _shown(content: Content) -> list[_Shown]:
    group = find_posts(content)
    if group is None:
        return []
    elements, _ = read_group(group, content)  # what can't be read corrects nothing
    moments = moments_of(elements, content, dated_day(content))
    return [
        _Shown(element, moment, letters_of_html(f"{element.headline or ''} {element.html}"))
        for element, moment in zip(elements, moments, strict=True)
    ]


def _with(update: Update, shown: _Shown, address: str | None, *, headline: bool) -> Update:
    stated = update.stated
    anchor = shown.element.anchor
    if not first_text(stated.get("@id"), stated.get("url")) and address and anchor:
        update = replace(update, stated={**stated, "url": f"{address}#{anchor}"})
    # No headline in the markup means none: the page's own was never the post's.
    return replace(
        update,
        published=shown.moment,
        updated=shown.element.updated,
        headline=shown.element.headline if headline else None,
        drop_headline=headline and not shown.element.headline,
    )


def _match(stated: dict[str, Any], place: int, shown: list[_Shown], count: int) -> _Shown | None:
    fragment = (first_text(stated.get("url")) or "").partition("#")[2]
    if fragment:
        number = re.sub(r"\D", "", fragment)
        for item in shown:
            anchor = item.element.anchor or ""
            if anchor and (anchor == fragment or (len(number) > 3 and number == re.sub(r"\D", "", anchor))):  # noqa: PLR2004
                return item
    own = letters_of_html(first_text(stated.get("articleBody")) or "")[:_PREFIX]
    if own:
        return next((item for item in shown if own in item.letters), None)
    return shown[place] if len(shown) == count else None


def _is_cut(stated: dict[str, Any], shown: _Shown) -> bool:
    """Whether the stated text is only the beginning of the shown one."""
    said = letters_of_html(first_text(stated.get("articleBody")) or "")
    full = letters_of_html(shown.element.html)
    return bool(said) and full.startswith(said) and len(full) > len(said)
