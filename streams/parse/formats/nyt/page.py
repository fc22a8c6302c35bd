"""New York Times live pages: the state (an Apollo cache or a plain answer) that the page preloads for its scripts."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from schemas.post import Media, Post
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.nyt.body import State
from streams.parse.items.merge import merge_posts
from streams.parse.items.shape import as_dict, as_list, as_text, first_text, need_dict, objects_in
from streams.parse.pages.script_state import embedded_json
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_MARKS: Final = ("__typename", "LegacyCollection", "firstPublished")
_ARTICLES: Final = ("Article", "LiveBlogPost", "FeedPublication", "ReporterUpdate")


def _is_times(payload: Payload) -> bool:
    if not all(mark.encode() in payload.document.body for mark in _MARKS):
        return False
    if not (payload.looks_like_json or payload.looks_like_html):
        return False
    return any(_articles(value, payload) for value in embedded_json(payload, _MARKS))


# After JSON-LD: where a page has both, its JSON-LD names the same posts and is meant for others to read.
@parser("nyt", looks_like=_is_times, rank=56)
def parse_times(payload: Payload) -> Parsed:
    """Read the articles that belong to the live blog; other articles of the page are promoted, not its posts."""
    for value in embedded_json(payload, _MARKS):
        if found := _articles(value, payload):
            break
    else:
        raise ParseError("no live blog in the state that this page preloads")
    state = State(value, payload.limits.max_depth)
    posts, bad = collect(payload, found, lambda article: _post(payload, state, article))
    return Parsed(merge_posts(posts), tuple(bad))


def _articles(value: Any, payload: Payload) -> list[tuple[str, Any]]:
    objects = list(objects_in(value, payload.limits.max_depth))
    blogs = {
        url.rstrip("/")
        for _, node in objects
        if node.get("__typename") == "LegacyCollection" and "/live/" in (url := first_text(node.get("url")) or "")
    }
    return list(_of_blogs(objects, blogs))


def _of_blogs(objects: list[tuple[str, dict[str, Any]]], blogs: set[str]) -> Iterator[tuple[str, Any]]:
    for place, node in objects:
        url = first_text(node.get("url")) or ""
        page, _, fragment = url.partition("#")
        of_blog = page.rpartition("/")[0] in blogs or bool(fragment and page in blogs)
        if of_blog and node.get("__typename") in _ARTICLES and "firstPublished" in node:
            yield place, node


def _post(payload: Payload, state: State, article: Any) -> Post:
    article = need_dict(article, "article")
    url = first_text(article.get("url")) or ""
    body = state.body(article.get("body"))
    headline = as_dict(state.of(article.get("headline")))
    names = [name for byline in as_list(article.get("bylines")) for name in _names(state, byline)]
    return build_post(
        payload,
        id=_slug(url) or as_text(article.get("id")),
        url=url or None,
        published=first_text(article.get("firstPublished")),
        updated=first_text(article.get("lastModified"), article.get("lastMajorModification")),
        headline=first_text(headline.get("default"), headline.get("default@stripHtml"), headline.get("seo"))
        or body.headline,
        body_html=body.html,
        summary=first_text(article.get("summary")),
        authors=names,
        media=body.media or _promoted(state, article),
        embeds=body.embeds,
    )


def _slug(url: str) -> str | None:
    """Return what the page itself uses as the post's anchor: the last part of its address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.fragment or parts.path.rstrip("/").rpartition("/")[2] or None


def _names(state: State, byline: Any) -> Iterator[str]:
    stated = as_dict(state.of(byline))
    for creator in as_list(stated.get("creators")):
        if name := first_text(as_dict(state.of(creator)).get("displayName")):
            yield name
    if not as_list(stated.get("creators")) and (said := first_text(stated.get("renderedRepresentation"))):
        yield said.removeprefix("By ").removeprefix("by ")


def _promoted(state: State, article: dict[str, Any]) -> tuple[Media, ...]:
    image = as_dict(state.of(article.get("promotionalMedia")))
    return (state.picture(image),) if image.get("__typename") == "Image" else ()
