"""IPTC ninjs, its versions and its variants."""

import json
from datetime import UTC, datetime

import pytest

from schemas import Media, Subject
from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import RECEIVED, read, read_sample


def item(**fields: object) -> str:
    """Return an item with these fields as JSON."""
    return json.dumps({"uri": "u1", "type": "text", "versioncreated": "2024-05-01T12:00:00Z", **fields})


def test_a_text_of_superdesks_variant() -> None:
    """Each field comes from where the format says; the caption and the credit are the picture's, not the body's."""
    parsed = read_sample("ninjs/text.json")

    (post,) = parsed.posts
    assert (parsed.format, parsed.bad) == ("ninjs", ())
    assert (post.id, post.version, post.language, post.status, post.urgency) == (
        "urn:example:evening-post:harbour-fire-1", "3", "en-GB", "usable", 2,
    )  # fmt: skip
    assert post.published_at == datetime(2024, 5, 1, 11, 40, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 1, 12, 5, 30, tzinfo=UTC)
    assert post.headline == "Two hurt in harbour fire"
    assert post.body_text == "Two people were hurt on the north quay.\n\nThe brigade sent six engines."
    assert post.summary == "A warehouse on the north quay burned."
    assert post.authors == ("Ana Reyes", "Tom Field")
    assert post.links == ("https://example.org/brigade",)
    assert post.media == (
        Media(
            type="image",
            url="https://example.org/quay.jpg",
            caption="Firefighters on the north quay",
            credit="Jo Mason/Evening Post",
            alt="A burning shed",
        ),
    )
    assert post.subjects == (
        Subject(name="fire", code="20000148", scheme="medtop"),
        Subject(name="disaster", code="03000000"),
    )


def test_a_text_of_version_3_under_embargo() -> None:
    """The main headline is chosen among several; an embargo withholds the post until its end."""
    (post,) = read_sample("ninjs/text-3.json").posts

    assert (post.id, post.headline) == ("harbour-fire-7", "Zwei Verletzte bei Brand im Hafen")
    assert post.published_at == datetime(2024, 5, 1, 11, 40, tzinfo=UTC)
    assert (post.status, post.embargo_until) == ("withheld", datetime(2024, 5, 1, 16, tzinfo=UTC))
    assert post.body_text == "Am Nordkai brannte ein Lager.\n\nZwei Menschen wurden verletzt."
    assert (post.summary, post.authors) == ("Ein Lager am Nordkai brannte.", ("Ana Reyes",))


def test_an_answer_of_aps_media_api() -> None:
    """Items are found in the answer; the stable item id is the id; an empty one is named by its place."""
    parsed = read_sample("ninjs/ap-feed.json")

    picture, killed = parsed.posts
    assert (picture.id, picture.headline, picture.body_text, picture.url) == ("aa11", "Harbour Fire", None, None)
    assert picture.media == (
        Media(
            type="image",
            url="https://example.org/aa11.jpg",
            caption="Firefighters on the north quay",
            credit="EVENING POST",
        ),
    )
    assert (killed.id, killed.status, killed.url) == ("cc33", "canceled", "https://news.example.org/cc33")
    assert (killed.authors, killed.body_text) == (("Ana Reyes", "Tom Field"), "A warehouse burned.")
    assert [bad.place for bad in parsed.bad] == ["/data/items/1/item"]


def test_the_text_that_superdesk_fetched_for_aps_item_is_its_body() -> None:
    """Beside `data` may lie the story that belongs to it."""
    (post,) = read(f'{{"data": {{"item": {item(headline="Fire")}}}, "nitf": {{"body_html": "<p>Two hurt</p>"}}}}',
                   "application/json").posts  # fmt: skip

    assert (post.headline, post.body_text) == ("Fire", "Two hurt")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"headline": "Fire"}, {"status": "usable", "headline": "Fire", "version": None}),
        ({"headline": "Fire", "pubstatus": "withheld"}, {"status": "withheld"}),
        ({"pubStatus": "canceled"}, {"status": "canceled"}),
        ({"headline": "Fire", "pubstatus": "usable", "state": "draft"}, {"status": "withheld"}),
        ({"headline": "Fire", "embargoed": "2024-05-01T11:00:00Z"}, {"status": "usable", "embargo_until": None}),
        ({"headline": "Fire", "embargoed": "soon"}, {"status": "usable", "embargo_until": None}),
        ({"headline": "Fire", "version": 0}, {"version": "0"}),
        ({"headline": "Fire", "urgency": 12, "priority": "3"}, {"urgency": 3}),
        ({"headline": "Fire", "urgency": "high"}, {"urgency": None}),
        ({"title": "FIRE-LABEL", "slugline": "FIRE", "body_text": "x"}, {"headline": None}),
        ({"title": "Press call", "eventDetails": {}, "descriptions": [{"value": "On the quay"}]},
         {"headline": "Press call", "body_text": "On the quay"}),
        ({"headline": "Fire", "description_text": "Two hurt"}, {"body_text": "Two hurt", "summary": None}),
        ({"headline": "Fire", "bodies": [{"contentType": "text/html", "value": "<h1>Fire</h1><p>Two hurt</p>"}]},
         {"body_text": "Two hurt"}),
        ({"headline": "Fire", "bodies": [{"role": "text", "value": "One\n\nTwo"}]}, {"body_text": "One\n\nTwo"}),
        ({"headline": "<p>Fire in the <em>port</em></p>"}, {"headline": "Fire in the port"}),
        ({"type": "video", "headline": "Fire", "body_text": "A script"}, {"body_text": "A script"}),
        ({"type": "Picture", "headline": "Fire", "body_text": "Alt"}, {"body_text": None}),
        ({"headline": "Fire", "byline": None, "by": "Jo Mason"}, {"authors": ("Jo Mason",)}),
    ],
)  # fmt: skip
def test_fields(fields: dict[str, object], expected: dict[str, object]) -> None:
    """What an item says, and what a post then has."""
    (post,) = read(item(**fields), "application/json").posts

    assert {name: getattr(post, name) for name in expected} == expected


def test_an_array_with_something_else_in_it() -> None:
    """Items of an array are read; what is none is a bad part with its JSON pointer."""
    parsed = read(f"[{item(headline='Fire')}, 7, {{}}]", "application/json")

    assert [post.headline for post in parsed.posts] == ["Fire"]
    assert [bad.place for bad in parsed.bad] == ["/1", "/2"]


@pytest.mark.parametrize("listed", [False, True])
def test_a_package_of_whole_texts(*, listed: bool) -> None:
    """A package without text of its own is the texts in it, one or a list by name; references in it are no posts."""
    text = json.loads(item(uri="u2", headline="Fire", body_text="Two hurt"))
    associations = {"main": [text] if listed else text, "ref": {"uri": "u3", "type": "text"}}
    parsed = read(item(type="composite", associations=associations), "application/json")

    assert [(post.id, post.headline) for post in parsed.posts] == [("u2", "Fire")]


def test_an_item_without_times_is_dated_by_its_document() -> None:
    """A missing date is told by `time_basis`."""
    (post,) = read('{"uri": "u1", "pubstatus": "usable", "headline": "Fire"}', "application/json").posts

    assert (post.published_at, post.time_basis) == (RECEIVED, "received")


@pytest.mark.parametrize("body", ['{"a": 1}', "[]", '{"groups": [], "guid": "g", "versioncreated": "x"}'])
def test_other_json_is_left_to_others(body: str) -> None:
    """JSON without ninjs's own fields, or with those of a Live Blog post, is not taken for ninjs."""
    with pytest.raises(ParseError, match="no known format"):
        read(body, "application/json")
