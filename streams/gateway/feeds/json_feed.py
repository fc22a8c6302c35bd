"""JSON Feed 1.1."""

from typing import Any

import orjson

from streams.gateway.feeds.coverage_feed import CoverageFeed, Item, time_text, web_address


def json_feed(feed: CoverageFeed) -> bytes:
    """Return the feed as JSON Feed."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.page,
            "feed_url": feed.address,
            "authors": [{"name": feed.publisher}],
            **({"language": feed.language} if feed.language else {}),
            **({"expired": True} if feed.closed else {}),
            "items": [_item(item) for item in feed.items],
        }
    )


def _item(item: Item) -> dict[str, Any]:
    entry = item.entry
    pictures = [url for media in entry.media if media.type == "image" and (url := web_address(media.url))]
    told = {
        "title": entry.headline,
        "summary": entry.summary,
        "content_html": entry.body_html,
        "content_text": item.text or (None if entry.body_html else item.title),
        "image": pictures[0] if pictures else None,
        "language": entry.language,
        "tags": list(dict.fromkeys(subject.name for subject in entry.subjects if subject.name)),
    }
    return {
        "id": item.id,
        "url": item.link,
        "date_published": time_text(item.published),
        "date_modified": time_text(item.updated),
        "authors": [{"name": name} for name in entry.authors or (entry.source_id,)],
        **{name: value for name, value in told.items() if value not in (None, [])},
    }
