"""A page's head: what search engines, feed readers and those who share its address read."""

from typing import Final

from streams.gateway.feeds.live_blog_posting import live_blog_posting
from streams.gateway.feeds.routes import feed_links
from streams.gateway.page.content import Content
from streams.gateway.page.entry import is_gone
from streams.gateway.page.html import Html, data_block, element, join
from streams.gateway.page.pictures import Pictures

_LONGEST_DESCRIPTION_CHARS: Final = 200


def render_head(content: Content, pictures: Pictures, *, embedded: bool = False) -> Html:
    """Return the head. An embedded page names the whole one as its canonical address and says nothing of its own."""
    title = f"{content.title} · Liveline"
    description = _description(content)
    return element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        _meta("viewport", "width=device-width, initial-scale=1"),
        _meta("color-scheme", "light dark"),
        _meta("referrer", "no-referrer"),
        element("title", {}, title),
        _meta("description", description) if description else None,
        element("link", {"rel": "canonical", "href": content.address}),
        element("link", {"rel": "icon", "href": "/page/icon.svg", "type": "image/svg+xml"}),
        element("link", {"rel": "stylesheet", "href": "/page/live.css"}),
        element("script", {"type": "module", "src": "/page/embedded.js" if embedded else "/page/live.js"}),
        None if embedded else _for_others(content, description, pictures),
    )


def _for_others(content: Content, description: str, pictures: Pictures) -> Html:
    images = (
        address
        for entry in content.entries
        for each in entry.media
        if each.type == "image" and (address := pictures.address(each.url))
    )
    graph = {
        "og:type": "article" if content.coverage else "website",
        "og:site_name": "Liveline",
        "og:title": content.title,
        "og:description": description,
        "og:url": content.address,
        "og:image": next(images, ""),
        "twitter:card": "summary",
    }
    return join(
        [
            *(element("meta", {"property": name, "content": value}) for name, value in graph.items() if value),
            Html(feed_links(content.coverage)) if content.coverage else None,
            data_block(None, "application/ld+json", live_blog_posting(content.feed)) if content.feed else None,
        ]
    )


def _description(content: Content) -> str:
    headlines = (entry.headline for entry in content.entries if entry.headline and not is_gone(entry))
    text = " ".join((next(headlines, "") or f"Live updates: {content.title}").split())
    if len(text) <= _LONGEST_DESCRIPTION_CHARS:
        return text
    return text[:_LONGEST_DESCRIPTION_CHARS].rsplit(" ", 1)[0] + "…"


def _meta(name: str, content: str) -> Html:
    return element("meta", {"name": name, "content": content})
