"""Pages that mark their posts by repeated markup alone: siblings of one make, each with a time of its own."""

from typing import Final

from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.items.merge import merge_posts
from streams.parse.pages.element import Element, page_url
from streams.parse.pages.groups import find_posts, moments_of, read_group
from streams.parse.pages.page_day import dated_day
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.payload.pieces import piece_of
from streams.parse.registry import parser
from streams.parse.times.moment import Moment

_SHORTEST_PAGE_BYTES: Final = 40


def _is_page(payload: Payload) -> bool:
    return (
        payload.looks_like_html
        and len(payload.document.body) > _SHORTEST_PAGE_BYTES
        and payload.once(find_posts) is not None
    )


@parser("page-markup", looks_like=_is_page, rank=95)
def parse_page_markup(payload: Payload) -> Parsed:
    """Read the page's most telling group of siblings, each as a post."""
    group = payload.once(find_posts)
    if group is None:
        raise ParseError("no repeated markup with times in this page")
    elements, unread = read_group(group, payload)
    moments = moments_of(elements, payload, dated_day(payload))
    url = page_url(payload)
    items = [
        (f"/{place}", (element, moment)) for place, (element, moment) in enumerate(zip(elements, moments, strict=True))
    ]
    posts, bad = collect(payload, items, lambda item: _again(payload, item[0], item[1], url))
    return Parsed(merge_posts(posts), (*unread, *bad))


def _again(payload: Payload, element: Element, moment: Moment | None, url: str | None) -> Post | None:
    """Return the post of an element, as it was read on the page before where nothing of it changed."""
    if not element.piece or moment is None:
        return _post(payload, element, moment, url)
    key = piece_of(b"page-markup", element.piece, repr(moment), url)
    return payload.again(key, lambda: _post(payload, element, moment, url))


def _post(payload: Payload, element: Element, moment: Moment | None, url: str | None) -> Post | None:
    if not (element.headline or element.html.strip() or element.media or element.embeds):
        return None
    return build_post(
        payload,
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
