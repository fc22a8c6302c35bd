"""No address that a browser would run reaches a post, in whatever field and however it is written."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Document, Source
from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse import parse
from streams.parse.html.web_address import web_address

PAGE = "https://news.test/live/harbour-fire?page=1"
RUN = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " \x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\r\nscript:alert(1)",
    "\ufeffjavascript:alert(1)",
    "javascript\n:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "vb\x00script:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://news.test/1",
    "ftp://news.test/1",
    "http:javascript:alert(1)",
    "https:",
    "http:///x",
]


def pushed(**fields: Any) -> Post:
    """Return the post of a producer's JSON, read from a page."""
    document = Document(
        id="d", source_id="s", coverage_id="c", received_at=datetime(2024, 5, 1, tzinfo=UTC), url=PAGE,
        content_type="application/vnd.liveline.post+json", body=orjson.dumps({"headline": "Fire", **fields}),
    )  # fmt: skip
    (post,) = parse(document, Source(id="s")).posts
    return post


@pytest.mark.parametrize("address", RUN)
def test_what_a_browser_runs_is_left_out(address: str) -> None:
    """The rest of the post stays: its words and the other addresses."""
    href = address.replace("&", "&amp;").replace("<", "&lt;")
    post = pushed(
        url=address,
        links=[address, "https://ok.test/"],
        media=[
            {"type": "image", "url": address, "caption": "Smoke"},
            {"type": "image", "url": address},
            {"type": "image", "url": "https://ok.test/a.jpg"},
        ],
        embeds=[{"provider": "x", "url": address, "text": "Look"}, {"url": address}, {"url": "https://ok.test/e"}],
        body_html=f'<p>Smoke <a href="{href}">here</a> <img src="{href}" alt="a"><q cite="{href}">now</q></p>',
    )

    assert post.url is None
    assert post.links == ("https://ok.test/",)
    assert [(each.url, each.caption) for each in post.media] == [(None, "Smoke"), ("https://ok.test/a.jpg", None)]
    assert [(each.url, each.text) for each in post.embeds] == [(None, "Look"), ("https://ok.test/e", None)]
    assert post.body_html
    assert "Smoke" in post.body_html
    for scheme in ("script", "data:", "file:", "blob:", "ftp:"):
        assert scheme not in post.model_copy(update={"id": None}).to_json().decode().lower()


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://x.test/a#b", "https://x.test/a#b"),
        (" HTTPS://X.test/A ", "https://X.test/A"),
        ("https://x.test/a\n/b", "https://x.test/a/b"),
        ("//cdn.test/a.jpg", "https://cdn.test/a.jpg"),
        ("/a.jpg", "https://news.test/a.jpg"),
        ("?page=2", "https://news.test/live/harbour-fire?page=2"),
        ("#p7", "https://news.test/live/harbour-fire?page=1#p7"),
        ("mailto:desk@news.test", None),
        ("tel:112", None),
        ("//[", None),
        ("", None),
    ],
)
def test_a_web_address_is_kept(written: str, address: str | None) -> None:
    """A relative one becomes whole, since its document tells what it is relative to."""
    assert web_address(written, PAGE) == address


def test_without_a_page_a_relative_address_leads_nowhere() -> None:
    """It is left out; as the address of a post it still tells the post from others."""
    assert web_address("/a.jpg") is None
    assert pushed(url="urn:news:7").id == "urn:news:7"
    assert (pushed(url="urn:news:7", id="p7").id, pushed(url="urn:news:7").url) == ("p7", None)
    assert pushed(url="javascript:alert(7)").id is None
    assert pushed(url="java\nscript:alert(7)").id is None


@pytest.mark.parametrize(
    "fields", [{"url": 7}, {"media": ["x"]}, {"media": [{"type": "image", "url": 7}]}, {"links": [7]}]
)
def test_a_wrong_type_is_still_told(fields: dict[str, Any]) -> None:
    """Validation names the field."""
    with pytest.raises(ParseError, match=next(iter(fields))):
        pushed(**fields)


def test_a_post_of_nothing_but_such_an_address_is_empty() -> None:
    """It has nothing to show."""
    with pytest.raises(ParseError, match="empty"):
        pushed(headline="", media=[{"type": "image", "url": "javascript:alert(1)"}])


@given(st.text(max_size=40), st.sampled_from(["", "javascript:", "https://x.test/", "data:"]))
def test_whatever_is_written(text: str, start: str) -> None:
    """What comes out begins with http:// or https://, or does not come out."""
    for base in (None, PAGE):
        found = web_address(start + text, base)
        assert found is None or found.startswith(("http://", "https://"))
