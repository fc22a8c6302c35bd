"""Half characters and times that no date can hold are the input's fault: cleaned, or a bad post, never a bug."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Document, Post, Source
from streams.dedupe import Memory
from streams.exceptions import ParseError
from streams.parse import Parsed, parse
from streams.parse.build import build_post
from streams.parse.payload.payload import Payload
from streams.parse.payload.safe_xml import whole_references
from streams.pipeline import Pipeline

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
POST = "application/vnd.liveline.post+json"
FEED = (
    '<rss version="2.0"><channel><title>Live</title><item><guid>{0}</guid><title>Fire {0}</title>'
    '<category domain="{0}">{0}</category><description>Smoke {0}</description></item></channel></rss>'
)
JSON_LD = (
    '<html><script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Live", "liveBlogUpdate": '
    '[{"@type": "BlogPosting", "@id": "1{0}", "headline": "Fire {0}", "articleBody": "Smoke {0}",\n}]}</script></html>'
)


def document(body: str | bytes, content_type: str, number: int = 0, source: str = "evening-post") -> Document:
    """Return a document."""
    return Document(
        id=str(number), source_id=source, coverage_id="harbour-fire", received_at=NOON, content_type=content_type,
        body=body if isinstance(body, bytes) else body.encode(),
    )  # fmt: skip


def read(body: str | bytes, content_type: str) -> Parsed:
    """Return what a document gives."""
    return parse(document(body, content_type), Source(id="evening-post"))


@pytest.mark.parametrize("half", ["&#xD800;", "&#XdFfF;", "&#55296;", "&#0056320;", "&#57343;"])
def test_half_a_character_in_a_feed_is_replaced(half: str) -> None:
    """libxml2 makes of it bytes that are no UTF-8; HTML reads U+FFFD."""
    (post,) = read(FEED.format(half), "application/rss+xml").posts

    assert (post.id, post.headline) == ("\ufffd", "Fire \ufffd")
    assert "Smoke \ufffd" in (post.body_text or post.summary or "")
    assert post.subjects[0].name == "\ufffd"


@pytest.mark.parametrize("whole", ["&#xD7FF;", "&#xE000;", "&#55295;", "&#57344;", "&#55;", "&#x1D800;", "&#xD80;"])
def test_other_references_stay(whole: str) -> None:
    """Only the range of surrogates is replaced."""
    assert whole_references(f"a{whole}b") == f"a{whole}b"


def test_half_a_character_in_loose_json_is_replaced() -> None:
    """JSON-LD that only a lenient reader can read may hold half a character's escape by itself."""
    (post,) = read(JSON_LD.replace("{0}", "\\ud800"), "text/html").posts

    assert (post.headline, post.body_text) == ("Fire \ufffd", "Smoke \ufffd")
    post.to_json()


TEXT = st.text(st.characters(categories=("Cs", "L", "Z", "N")), min_size=1, max_size=12)


@given(st.dictionaries(st.sampled_from(("headline", "id", "url", "version", "summary", "slugline", "dateline")), TEXT))
def test_every_field_of_a_post_can_be_written(fields: dict[str, str]) -> None:
    """Whatever a parser hands over, the post is JSON in UTF-8."""
    payload = Payload(document(b"", POST), Source(id="evening-post"))
    text = next(iter(fields.values()), "x\ud800")
    post = build_post(
        payload, **{"headline": "Fire", "id": "1"} | {name: value for name, value in fields.items() if value.strip()},
        body_html=f"<p>Smoke {text}</p><a href='https://example.org/{text}'>x</a>", authors=[text],
        media=[{"type": "image", "url": "https://example.org/" + text, "caption": text}],
        embeds=[{"provider": text, "text": text}], subjects=[{"name": text}],
    )  # fmt: skip

    assert Post.from_json(post.to_json()).id == post.id


FAR: list[tuple[dict[str, Any], bool]] = [
    ({"published_at": "9999-12-31T23:59:59-14:00"}, True),
    ({"published_at": "0001-01-01T00:00:00+14:00"}, True),
    ({"updated_at": "9999-12-31T23:59:59-14:00"}, True),
    ({"embargo_until": "9999-12-31T23:59:59-14:00"}, False),
    ({"embargo_until": "0001-01-01T00:00:00+14:00"}, False),
]


@pytest.mark.parametrize(("fields", "published"), FAR)
def test_a_time_that_utc_does_not_have(fields: dict[str, Any], *, published: bool) -> None:
    """A date that can't be read takes the document's; an embargo that can't be read is a bad post."""
    body = orjson.dumps([{"headline": "Good"}, {"headline": "Far", **fields}])
    outcome = Pipeline().run([(document(body, POST), None)], Memory().draft(), NOON)

    assert outcome.bugs == []
    assert [entry.headline for entry in outcome.entries] == ["Good", "Far"][: 1 + published]
    assert [letter.part for letter in outcome.letters] == ([] if published else ["1"])


CLOCKS = """<!doctype html><html><head><title>Harbour fire: latest</title></head><body>
<p class="publishedDate">{0}</p><div id="body"><h2>5.40pm</h2><p>The quay is open.</p><h2>4.10pm</h2><p>Two ferries are
back.</p><h2>3.00pm</h2><p>A third one is out.</p></div></body></html>"""


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+14:00", "31 December 9999 11:59PM", "9999-12-31T23:59:59-14:00"])
def test_a_page_of_an_impossible_day_is_no_bug(day: str) -> None:
    """Clocks of a day that has no yesterday or no tomorrow: a dead letter at worst."""
    outcome = Pipeline().run([(document(CLOCKS.replace("{0}", day), "text/html"), None)], Memory().draft(), NOON)

    assert outcome.bugs == []


def test_what_a_parser_can_not_hold_is_an_error_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line of defence: an overflow anywhere in a parser is a `ParseError`."""
    from streams.parse import build  # noqa: PLC0415

    def far(*_: Any) -> None:
        raise OverflowError("date value out of range")

    monkeypatch.setattr(build, "read_time", far)
    with pytest.raises(ParseError, match="date value out of range"):
        read('{"headline": "Fire"}', POST)


def test_addresses_of_megabytes_are_left_out() -> None:
    """A picture in a `data:` address leaves its caption; its post is published."""
    address = "data:image/png;base64," + "A" * 100_000
    post = {
        "headline": "Fire", "links": [address, "https://example.org/"],
        "media": [{"type": "image", "url": address, "caption": "The quay"}],
    }  # fmt: skip
    (found,) = read(orjson.dumps(post), POST).posts

    assert found.links == ("https://example.org/",)
    assert [(item.url, item.caption) for item in found.media] == [(None, "The quay")]


def test_a_post_that_no_message_can_hold_is_bad() -> None:
    """Each text may be long; all together must fit."""
    post = {"headline": "Fire", "summary": "x" * 900_000, "dateline": "y" * 900_000, "usage_terms": "z" * 900_000}
    with pytest.raises(ParseError, match=r"the post has 2,700,\d{3} characters; at most 2,500,000 are read"):
        read(orjson.dumps(post), POST)
