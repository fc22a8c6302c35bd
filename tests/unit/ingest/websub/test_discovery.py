"""Which hub a source names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ingest.websub.discovery import Hub, discover

PAGE = "https://news.test/live/harbour-fire"
HUB = Hub("https://hub.test/", "https://news.test/feed")
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">
<link rel='self' href='https://news.test/feed'/><link rel="hub" href="https://hub.test/" /><title>Quay</title>
<entry><link rel="hub" href="https://elsewhere.test/"/></entry></feed>"""
RSS = b"""<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Quay</title>
<atom:link href="https://hub.test/" rel="hub"/><atom:link rel="self" href="https://news.test/feed"/>
<item><title>Smoke</title></item></channel></rss>"""
HTML = b"""<!doctype html><html><head><LINK REL=hub HREF=https://hub.test/><link rel="self" href="/feed"></head>
<body><link rel="hub" href="https://elsewhere.test/"></body></html>"""
JSON = (
    b'{"version": "https://jsonfeed.org/version/1.1", "feed_url": "https://news.test/feed", '
    b'"hubs": [{"type": "rssCloud", "url": "https://cloud.test"}, {"type": "WebSub", "url": "https://hub.test/"}]}'
)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/atom+xml", ATOM),
        ("application/rss+xml", RSS),
        ("text/html", HTML),
        ("application/feed+json", JSON),
    ],
)
def test_a_hub_is_named_in_the_body(content_type: str, body: bytes) -> None:
    """By the links of a feed or a page, before its first entry, or by JSON Feed's `hubs`."""
    assert discover([], content_type, body, PAGE) == HUB


@pytest.mark.parametrize(
    "headers",
    [
        ['<https://hub.test/>; rel="hub", <https://news.test/feed>; rel="self"'],
        ["<https://hub.test/>; rel=hub", "<https://news.test/feed>; rel=self"],
        ['<https://hub.test/>; title="a, b"; rel="x hub"', '</feed>; rel="self alternate"'],
    ],
)
def test_the_headers_come_first(headers: list[str]) -> None:
    """What they name counts, whatever the body says."""
    other = b'<feed><link rel="hub" href="https://other.test/"/><link rel="self" href="https://other.test/f"/></feed>'

    assert discover(headers, "application/atom+xml", other, PAGE) == HUB


def test_without_an_address_of_its_own_the_topic_is_where_it_was_read() -> None:
    """`rel="self"` is asked for by the Recommendation and missing in many feeds."""
    assert discover(["</hub>; rel=hub"], "text/html", b"", PAGE) == Hub("https://news.test/hub", PAGE)


@pytest.mark.parametrize(
    ("own", "topic"),
    [
        ("https://news.test/feed", "https://news.test/feed"),
        ("https://feeds.test/harbour", "https://feeds.test/harbour"),
        ("https://victim.test/feed", PAGE),
        ("https://news.test.evil.test/feed", PAGE),
        ("https://evil.test@victim.test/", PAGE),
        ("https://[/", PAGE),
    ],
)
def test_a_topic_is_of_the_host_that_named_it(own: str, topic: str) -> None:
    """Or of the one that is configured and redirected; a page can't have us publish another site's topic as its own."""
    headers = [f"<https://hub.test/>; rel=hub, <{own}>; rel=self"]

    assert discover(headers, "text/html", b"", PAGE, "https://feeds.test/h") == Hub("https://hub.test/", topic)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b""),
        ("text/html", b"<p>The transport hub is closed.</p>"),
        ("text/html", b'<link rel="stylesheet" href="hub.css">'),
        ("text/html", b'<link rel="hub" href="javascript:alert(1)">'),
        ("text/html", b'<link rel="hub" href="file:///etc/passwd">'),
        ("text/html", b'<link rel="hub">'),
        ("application/atom+xml", b'<feed><entry><link rel="hub" href="https://hub.test/"/></entry></feed>'),
        ("application/json", b'["hubs"]'),
        ("application/json", b'{"hubs": {"type": "WebSub"}}'),
        ("application/json", b'{"hubs": [{"type": "WebSub", "url": 5}, null]}'),
        ("application/json", b'{"hubs": '),
    ],
)
def test_most_sources_name_none(content_type: str, body: bytes) -> None:
    """A word is no link, an entry's link is about something else, and a hub is reached over HTTP."""
    assert discover([], content_type, body, PAGE) is None


@given(st.lists(st.text(max_size=80), max_size=3), st.text(max_size=200), st.sampled_from(["text/html", "a/json"]))
def test_nothing_a_server_says_breaks_it(headers: list[str], text: str, content_type: str) -> None:
    """Whatever comes, there is a hub with an address, or none."""
    body = f'<link rel="hub" href="{text}"><link rel="self" href="{text}">{{"hubs"'.encode(errors="replace")
    found = discover([*headers, f"<{text}>; rel=hub"], content_type, body, PAGE)

    assert found is None or found.hub.startswith(("http://", "https://", "HTTP"))
