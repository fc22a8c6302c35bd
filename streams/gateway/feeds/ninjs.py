"""IPTC's ninjs 3: the coverage as a composite, its entries as texts within."""

from typing import Any, Final

import orjson

from streams.gateway.feeds.coverage_feed import NO_TIME, CoverageFeed, Item, time_text, web_address

_STANDARD: Final = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}
_MEDIA: Final = {"image": "picture", "video": "video", "audio": "audio"}


def ninjs(feed: CoverageFeed) -> bytes:
    """Return the feed as ninjs."""
    return orjson.dumps(
        {
            "uri": feed.page,
            "standard": _STANDARD,
            "type": "composite",
            "pubStatus": "usable",
            "firstCreated": time_text(feed.started or NO_TIME),
            "versionCreated": time_text(feed.updated or NO_TIME),
            **({"language": feed.language} if feed.language else {}),
            "by": feed.publisher,
            "headlines": [{"role": "main", "value": feed.title}],
            "associations": [_text(item) for item in feed.items],
        }
    )


def _text(item: Item) -> dict[str, Any]:
    entry = item.entry
    bodies = []
    if item.text:
        bodies.append({"role": "main", "contentType": "text/plain", "value": item.text})
    if entry.body_html:
        bodies.append({"role": "html", "contentType": "text/html", "value": entry.body_html})
    media = [
        {
            "name": f"{_MEDIA[each.type]}-{number}",
            "uri": url,
            "type": _MEDIA[each.type],
            **({"by": each.credit} if each.credit else {}),
            **({"descriptions": [{"role": "caption", "value": each.caption}]} if each.caption else {}),
            "renditions": [{"name": "main", "href": url}],
        }
        for number, each in enumerate(entry.media, 1)
        if (url := web_address(each.url))
    ]
    subjects = [
        {
            "name": subject.name,
            **(
                {"uri": uri}
                if (uri := web_address(subject.code))
                else {"literal": subject.code}
                if subject.code
                else {}
            ),
        }
        for subject in entry.subjects
        if subject.name
    ]
    told = {
        "language": entry.language,
        "urgency": entry.urgency,
        "by": ", ".join(entry.authors),
        "slugline": entry.slugline,
        "edNote": entry.editorial_note,
        "usageTerms": entry.usage_terms,
        "headlines": [{"role": "main", "value": entry.headline}] if entry.headline else None,
        "descriptions": [{"role": "summary", "value": entry.summary}] if entry.summary else None,
        "bodies": bodies,
        "subjects": subjects,
        "associations": media,
    }
    return {
        "name": entry.entry_id,
        "uri": item.id,
        "standard": _STANDARD,
        "type": "text",
        "version": str(entry.revision),
        "pubStatus": "usable",
        "firstCreated": time_text(item.published),
        "versionCreated": time_text(item.updated),
        "infoSources": [{"name": entry.source_id}],
        **{name: value for name, value in told.items() if value},
    }
