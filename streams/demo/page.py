"""The Evening Post's page as it stood at a minute: HTML with schema.org LiveBlogPosting."""

import html
import json
from collections.abc import Callable, Mapping
from typing import Any

Clock = Callable[[float], str]


def page_at(blog: Mapping[str, Any], minute: float, clock: Clock, *, broken: bool = False) -> bytes:
    """Return the page, newest post first; `broken` puts an update with nothing in it among them."""
    shown = [post for post in blog["posts"] if post["at"] <= minute < post.get("until", minute + 1)]
    updates = [_update(blog["url"], _version(post, minute), clock) for post in reversed(shown)]
    if broken:
        updates.insert(1, {"@type": "BlogPosting", "url": f"{blog['url']}#draft", "headline": "", "articleBody": ""})
    live_blog = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "url": blog["url"],
        "headline": blog["title"],
        "coverageStartTime": clock(0),
        "publisher": {"@type": "NewsMediaOrganization", "name": "The Wrackham Evening Post"},
        "liveBlogUpdate": updates,
    }
    title = html.escape(blog["title"])
    # "</script>" inside a post must not end the script that carries it.
    data = json.dumps(live_blog, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return (
        f'<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<script type="application/ld+json">\n{data}\n</script>\n</head>\n'
        f"<body>\n<h1>{title}</h1>\n<p>{len(shown)} posts</p>\n</body>\n</html>\n"
    ).encode()


def _version(post: Mapping[str, Any], minute: float) -> dict[str, Any]:
    version = dict(post)
    for edit in post.get("edits", ()):
        if edit["at"] <= minute:
            version |= {"modified": edit["at"], **{name: value for name, value in edit.items() if name != "at"}}
    return version


def _update(url: str, post: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    update = {
        "@type": "BlogPosting",
        "url": f"{url}#{post['id']}",
        "headline": post["headline"],
        "datePublished": clock(post["at"]),
        "dateModified": clock(post.get("modified", post["at"])),
        "author": {"@type": "Person", "name": post["author"]},
        "articleBody": post["body"],
    }
    if image := post.get("image"):
        update["image"] = {
            "@type": "ImageObject",
            "url": image["url"],
            "caption": image["caption"],
            "creditText": image["credit"],
        }
    return update
