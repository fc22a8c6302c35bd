"""schema.org LiveBlogPosting as JSON-LD."""

from typing import Any, Final

import orjson

from streams.gateway.feeds.coverage_feed import CoverageFeed, Item, time_text, web_address

_MEDIA: Final = {"image": "ImageObject", "video": "VideoObject", "audio": "AudioObject"}


def live_blog_posting(feed: CoverageFeed) -> bytes:
    """Return the feed as a LiveBlogPosting; texts are plain."""
    times = {"coverageStartTime": feed.started, "datePublished": feed.started, "dateModified": feed.updated}
    return orjson.dumps(
        {
            "@context": "https://schema.org",
            "@type": "LiveBlogPosting",
            "@id": feed.page,
            "url": feed.page,
            "headline": feed.title,
            **({"inLanguage": feed.language} if feed.language else {}),
            **{name: time_text(time) for name, time in times.items() if time},
            **({"coverageEndTime": time_text(feed.ended)} if feed.ended else {}),
            "publisher": {"@type": "Organization", "name": feed.publisher},
            "author": {"@type": "Organization", "name": feed.publisher},
            "liveBlogUpdate": [_update(item) for item in feed.items],
        }
    )


def _update(item: Item) -> dict[str, Any]:
    entry = item.entry
    source = {"@type": "Organization", "name": entry.source_id}
    told = {
        "headline": entry.headline,
        "articleBody": item.text,
        "abstract": entry.summary,
        "inLanguage": entry.language,
        "keywords": [subject.name for subject in entry.subjects if subject.name],
    }
    media: dict[str, list[dict[str, str]]] = {}
    for each in entry.media:
        if url := web_address(each.url):
            words = {"caption": each.caption or each.alt, "creditText": each.credit}
            shown = {"@type": _MEDIA[each.type], "contentUrl": url, **{k: v for k, v in words.items() if v}}
            media.setdefault(each.type.value, []).append({**shown, "url": url})
    return {
        "@type": "BlogPosting",
        "@id": item.id,
        "identifier": item.id,
        "url": item.link,
        "datePublished": time_text(item.published),
        "dateModified": time_text(item.updated),
        **{name: value for name, value in told.items() if value},
        "author": [{"@type": "Person", "name": name} for name in entry.authors] or [source],
        "publisher": source,
        **media,
    }
