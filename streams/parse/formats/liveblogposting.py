"""schema.org LiveBlogPosting as JSON-LD, in a page or on its own; one post a `liveBlogUpdate`."""

from collections.abc import Iterator
from typing import Any, Final

from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse.items.merge import merge_posts
from streams.parse.items.shape import as_dict, as_list, need_dict
from streams.parse.pages.jsonld import Graph, has_type, jsonld_of
from streams.parse.pages.match import corrected
from streams.parse.pages.schema_org import Blog, Update, post_of_update, what_is_the_pages
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_UPDATES: Final = ("liveBlogUpdate", "liveBlogUpdates", "blogPost", "blogPosts")
_POSTING: Final = ("BlogPosting", "LiveBlogUpdate", "SocialMediaPosting")


def _is_live_blog(payload: Payload) -> bool:
    if b"BlogPosting" not in payload.document.body:
        return False
    if payload.looks_like_json:
        return any(has_type(node, "LiveBlogPosting", "BlogPosting") for node in _top(payload.json))
    return payload.looks_like_html and b"ld+json" in payload.document.body and bool(_blogs(payload.once(_graph)))


@parser("liveblogposting", content_types=("application/ld+json",), looks_like=_is_live_blog, rank=50)
def parse_live_blog_posting(payload: Payload) -> Parsed:
    """Read every update of the page's live blogs, each post once."""
    graph = payload.once(_graph)
    found = _blogs(graph)
    if not found and payload.looks_like_json:
        # A blog that has not begun has no updates yet.
        begun = not any(has_type(node, "LiveBlogPosting") for _, node in graph.objects)
        return _single(payload) if begun else Parsed(())
    if not found:
        raise ParseError("no LiveBlogPosting in the JSON-LD of this page")
    items = [(place, update) for place, blog in found for place, update in _updates(graph, place, blog)]
    blog = what_is_the_pages([blog for _, blog in found], [as_dict(update) for _, update in items])
    updates = [update for _, update in items]
    better = dict(zip(map(id, updates), corrected(updates, blog.own, payload), strict=True))

    def read(update: Any) -> Post:
        need_dict(update, "liveBlogUpdate")
        return post_of_update(payload, better[id(update)], blog)

    posts, bad = collect(payload, items, read)
    return Parsed(merge_posts(posts), tuple(bad))


def _single(payload: Payload) -> Parsed:
    """Read updates that stand alone, without their blog."""
    items = [(str(place), node) for place, node in enumerate(_top(payload.json)) if has_type(node, *_POSTING)]
    if not items:
        raise ParseError("neither a LiveBlogPosting nor a BlogPosting in this JSON-LD")
    posts, bad = collect(payload, items, lambda node: post_of_update(payload, Update(node), Blog()))
    return Parsed(merge_posts(posts), tuple(bad), snapshot=False)


def _graph(payload: Payload) -> Graph:
    return Graph(jsonld_of(payload, holding="BlogPosting"), payload.limits.max_depth)


def _top(value: Any) -> list[Any]:
    return [node for item in as_list(value) for node in (item, *as_list(as_dict(item).get("@graph")))]


def _blogs(graph: Graph) -> list[tuple[str, dict[str, Any]]]:
    return [
        (place, node)
        for place, node in graph.objects
        if has_type(node, "LiveBlogPosting") and any(node.get(name) for name in _UPDATES)
    ]


def _updates(graph: Graph, place: str, blog: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in _UPDATES:
        stated = blog.get(name)
        if isinstance(stated, dict) and "itemListElement" in stated:
            stated = stated["itemListElement"]
        for index, update in enumerate(as_list(stated)):
            where = f"{place}/{name}/{index}" if isinstance(stated, list) else f"{place}/{name}"
            found = graph.resolve(update)
            if has_type(found, "ListItem"):
                found = graph.resolve(as_dict(found).get("item"))
            yield where, found
