"""CloudEvents in structured mode around other formats."""

import json
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import SAMPLES, read

NITF = (SAMPLES / "nitf" / "article.xml").read_bytes()
ITEM = {"uri": "u1", "type": "text", "pubstatus": "usable", "headline": "Fire"}


def event(**fields: object) -> dict[str, object]:
    """Return an event with these attributes."""
    return {"specversion": "1.0", "id": "e1", "source": "/evening-post", "type": "item", **fields}


def opened(*events: object, batch: bool = False) -> list[str | None]:
    """Return the headlines of what is in the events."""
    found = list(events) if batch else events[0]
    kind = "application/cloudevents-batch+json" if batch else "application/cloudevents+json"
    return [post.headline for post in read(json.dumps(found), kind).posts]


@pytest.mark.parametrize(
    "fields",
    [
        {"data": ITEM},
        {"data": ITEM, "datacontenttype": "application/vnd.iptc.ninjs+json"},
        {"data": json.dumps(ITEM), "datacontenttype": "application/json"},
        {"data_base64": b64encode(json.dumps(ITEM).encode()).decode()},
    ],
)
def test_json_in_an_event(fields: dict[str, object]) -> None:
    """An object, JSON in a string and Base64 are all opened."""
    assert opened(event(**fields)) == ["Fire"]


def test_xml_in_an_event() -> None:
    """Text and Base64 carry XML; what is inside is known by its own content."""
    as_text = event(datacontenttype="application/xml", data=NITF.decode())
    as_base64 = event(datacontenttype="text/xml", data_base64=b64encode(NITF).decode())

    assert opened(as_text) == opened(as_base64) == ["Two hurt in harbour fire"]


def test_a_batch_with_a_bad_event() -> None:
    """A bad event is named by its place and the others are read."""
    parsed = read(
        json.dumps([event(data=ITEM), event(data_base64="%%%"), event(), 7, event(data=[ITEM, {}])]),
        "application/cloudevents-batch+json",
    )

    assert [post.headline for post in parsed.posts] == ["Fire", "Fire"]
    assert [bad.place for bad in parsed.bad] == ["/1", "/2", "/3", "/4/data/1"]


def test_the_events_time_dates_a_post_that_has_none() -> None:
    """What happened without a date happened when the event did."""
    (post,) = read(json.dumps(event(data=ITEM, time="2024-05-01T09:00:00Z")), "application/json").posts

    assert (post.published_at, post.time_basis) == (datetime(2024, 5, 1, 9, tzinfo=UTC), "received")


@pytest.mark.parametrize(
    ("found", "named"),
    [
        (event(data=event(data=ITEM)), "another event"),
        (event(data=[event(data=ITEM)]), "another event"),
        (event(datacontenttype="application/cloudevents+json", data="{}"), "another event"),
        (event(), "neither data"),
        ({"data": ITEM}, "specversion"),
        (event(data={"a": 1}), "no known format"),
    ],
)
def test_what_cannot_be_opened(found: object, named: str) -> None:
    """An event in an event, an empty one and unknown data say what is wrong."""
    with pytest.raises(ParseError, match=named):
        read(json.dumps(found), "application/cloudevents+json")
