"""Completes a page's JSON-LD from its markup: whole texts with paragraphs, bylines, pictures, the posts' own times."""

import re
from dataclasses import replace
from typing import Any, Final

from streams.parse.items.shape import as_dict, first_text
from streams.parse.pages.element import page_url
from streams.parse.pages.index import Shown, shown_posts
from streams.parse.pages.letters import letters
from streams.parse.pages.schema_org import Update
from streams.parse.payload.payload import Payload
from streams.parse.payload.pieces import piece_of
from streams.parse.words.clean import clean_line
from streams.parse.words.person import person_name

_FEWEST_UPDATES: Final = 2
_CUT_ENTITY: Final = re.compile(r"&\w{0,8}$")


def corrected(updates: list[Any], blog_headlines: frozenset[str], payload: Payload) -> list[Update]:
    """Return the updates, completed from the markup.

    That is: the whole text with its paragraphs, if the stated one is cut or run together; bylines, if all updates
    state the page's; pictures, social posts and key events, which are merged; times and headlines, if the stated ones
    can't be the updates' own.
    """
    stated = [as_dict(update) for update in updates]
    plain = [Update(update, piece=b"stated") for update in stated]
    if payload.looks_like_json or not stated:
        return plain
    times = {first_text(update.get("datePublished")) for update in stated}
    same_time = len(stated) >= _FEWEST_UPDATES and len(times) == 1
    # If an update has a time of its own, its headline is its own as well.
    same_headline = same_time and {first_text(update.get("headline")) for update in stated} <= blog_headlines | {None}
    shown = shown_posts(stated, payload)
    matches = [shown.of(update, place, len(plain), payload) for place, update in enumerate(stated)]
    same_author = len({str(update.get("author")) for update in stated}) == 1
    named = sum(1 for match in matches if match and _names(match))
    bylines = same_author and 2 * named > len(matches)  # a few names are those of linked stories
    address = page_url(payload)
    found: list[Update] = []
    for update, match in zip(plain, matches, strict=True):
        if match is None:
            found.append(update)
            continue
        if same_time:
            update = _with_own_time(update, match, address, headline=same_headline)  # noqa: PLW2901
        element = match.element
        own = repr((same_time and (address, element.anchor, match.moment), same_headline, bylines))
        piece = piece_of(b"shown", element.piece, own) if element.piece else b""
        found.append(_with_what_is_shown(update, match, piece, bylines=bylines))
    return found


def _with_own_time(update: Update, shown: Shown, address: str | None, *, headline: bool) -> Update:
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


def _with_what_is_shown(update: Update, shown: Shown, piece: bytes, *, bylines: bool) -> Update:
    element = shown.element
    return replace(
        update,
        shown_html=element.html,
        media=element.media,
        embeds=element.embeds,
        authors=(_names(shown) or None) if bylines else None,
        key_event=element.key_event,
        piece=piece,
        headline=update.headline or _whole_headline(first_text(update.stated.get("headline")), element.headline),
    )


def _whole_headline(stated: str | None, shown: str | None) -> str | None:
    """Return the shown headline where the stated one ends in an ellipsis that stands for its rest."""
    line = clean_line(stated or "")
    beginning = _CUT_ENTITY.sub("", line.removesuffix("...").removesuffix("\u2026"))
    if not shown or not line.endswith(("...", "\u2026")) or not letters(beginning):
        return None
    return shown if letters(shown).startswith(letters(beginning)) else None


def _names(shown: Shown) -> tuple[str, ...]:
    """Return the bylines that are two words at least: a page marks other things as authors too."""
    return tuple(name for name in shown.element.authors if " " in name and person_name(name))
