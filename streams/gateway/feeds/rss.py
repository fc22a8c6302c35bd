"""RSS 2.0, with the modules for a feed's own address, bylines and whole texts."""

from email.utils import format_datetime
from typing import Final

from lxml import etree

from streams.gateway.feeds.coverage_feed import CoverageFeed, Item
from streams.gateway.feeds.xml_text import add, document

_ATOM: Final = "http://www.w3.org/2005/Atom"
_CONTENT: Final = "http://purl.org/rss/1.0/modules/content/"
_CREATOR: Final = "http://purl.org/dc/elements/1.1/"


def rss(feed: CoverageFeed) -> bytes:
    """Return the feed as RSS 2.0."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": _ATOM, "content": _CONTENT, "dc": _CREATOR})
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.page)
    add(channel, "description", f"Live updates: {feed.title}")
    add(channel, f"{{{_ATOM}}}link", rel="self", type="application/rss+xml", href=feed.address)
    if feed.language:
        add(channel, "language", feed.language)
    if feed.updated:
        add(channel, "lastBuildDate", format_datetime(feed.updated))
    add(channel, "generator", "Liveline")
    for item in feed.items:
        _item(channel, item)
    return document(root)


def _item(channel: etree._Element, item: Item) -> None:
    entry = item.entry
    element = add(channel, "item")
    add(element, "guid", item.id, isPermaLink="false")
    add(element, "title", item.title)
    add(element, "link", item.link)
    add(element, "pubDate", format_datetime(item.published))
    # RSS knows no time of a change.
    add(element, f"{{{_ATOM}}}updated", item.updated.isoformat())
    for name in entry.authors or (entry.source_id,):
        add(element, f"{{{_CREATOR}}}creator", name)
    for subject in entry.subjects:
        if subject.name:
            add(element, "category", subject.name)
    if text := entry.summary or item.text:
        add(element, "description", text)
    if entry.body_html:
        add(element, f"{{{_CONTENT}}}encoded", entry.body_html)
