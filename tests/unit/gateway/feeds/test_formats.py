"""Each feed, read by somebody else's parser or held against the words of its standard."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import extruct
import feedparser
import orjson
import pytest
from gateway_harness import NOON, an_entry
from lxml import etree

from schemas import Entry
from schemas.post import Embed, Media, Subject
from tests.unit.gateway.archive_bench import ArchiveBench
from tests.unit.parse.pages import by_id, read

PAGE = "https://live.example/coverages/harbour-fire"


def some_entries() -> list[Entry]:
    """Return entries that have everything, little, and what a format may stumble over."""
    return [
        an_entry(
            1,
            url="https://evening-post.example/live#p1",
            headline="Fire <b>&amp; smoke</b> \x0b at the quay",
            body_text="First line & more.\n\nSecond \ud83d\ude92 line with ]]> and \x00 nothing.".encode(
                "utf-16", "surrogatepass"
            ).decode("utf-16"),
            body_html="<p>First line &amp; more.</p><p>Second line</p>",
            summary="In short",
            authors=["Ana Reyes", "Bo Li"],
            language="en-GB",
            urgency=2,
            subjects=[Subject(name="Fire", code="medtop:20000148"), Subject(code="x")],
            media=[Media(type="image", url="https://img.example/1.jpg", caption="Smoke", credit="A. Reyes", alt="s")],
            embeds=[Embed(provider="x", url="https://x.example/1", text="Seen it")],
            slugline="HARBOUR-FIRE",
            usage_terms="Ask first",
        ),
        an_entry(2, headline=None, first_published_at=NOON - timedelta(hours=3), url="javascript:alert(1)"),
        an_entry(3, headline=None, body_text=None, media=[Media(type="video", caption="Film from the air")]),
        an_entry(4, body_text=None, published_at=None, first_published_at=None, language="de"),
    ]


def ids(entries: list[Entry]) -> list[str]:
    """Return the ids that feeds give these four: those published last come first, of equals those that came last."""
    return [f"urn:uuid:{entries[index].entry_id}" for index in (3, 2, 0, 1)]


@pytest.mark.parametrize(("suffix", "version"), [("atom", "atom10"), ("rss", "rss20")])
async def test_feedparser_reads_atom_and_rss_without_a_complaint(
    bench: ArchiveBench, suffix: str, version: str
) -> None:
    """Its `bozo` is set by anything that is not well-formed; ids, links, times and texts come back as they were."""
    entries = some_entries()
    await bench.publish(entries)

    body = await bench.feed(suffix)
    told = feedparser.parse(body, response_headers={"content-type": "application/xml; charset=utf-8"})

    assert (told.bozo, told.version) == (False, version), told.get("bozo_exception")
    assert (told.feed.title, told.feed.link) == ("Harbour fire & after", PAGE)
    assert [entry.id for entry in told.entries] == ids(entries)
    first, second = told.entries[-2], told.entries[-1]
    assert first.link == "https://evening-post.example/live#p1"
    assert "Fire <b>&amp; smoke</b>" in etree.fromstring(body).xpath(
        "string(//*[local-name()='title'][contains(., 'smoke')])"
    )
    assert first.content[0].value == "<p>First line &amp; more.</p><p>Second line</p>"
    assert second.link == f"{PAGE}#e-{entries[1].entry_id}"
    assert second.title == "What happened at 2, told for the 1. time."
    assert second.published_parsed[:5] == (2024, 5, 1, 9, 0)
    assert first.updated_parsed[:5] == (2024, 5, 1, 12, 0)


async def test_atom_has_what_rfc_4287_asks_of_each_element(bench: ArchiveBench) -> None:
    """One id, one title and one updated each, an author on each entry, and exactly one link to itself."""
    await bench.publish(some_entries())
    root = etree.fromstring(await bench.feed("atom"))
    namespace = {"a": "http://www.w3.org/2005/Atom"}

    for element in (root, *root.findall("a:entry", namespace)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", namespace)) == 1, name
        assert element.findall("a:author/a:name", namespace)
        for time in (*element.findall("a:updated", namespace), *element.findall("a:published", namespace)):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", time.text or "")
    assert [link.get("href") for link in root.findall("a:link[@rel='self']", namespace)] == [f"{PAGE}/feed.atom"]


async def test_json_feed_is_as_its_standard_says(bench: ArchiveBench) -> None:
    """The required fields of version 1.1, of the right types; each item has a content; nothing is null or empty."""
    entries = some_entries()
    await bench.publish(entries)
    told = orjson.loads(await bench.feed("json"))

    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert (told["title"], told["home_page_url"], told["feed_url"]) == (
        "Harbour fire & after",
        PAGE,
        f"{PAGE}/feed.json",
    )
    assert [item["id"] for item in told["items"]] == ids(entries)
    for item in told["items"]:
        assert isinstance(item.get("content_html", item.get("content_text")), str)
        assert all(value not in (None, []) for value in item.values())
        assert datetime.fromisoformat(item["date_published"]).tzinfo is UTC
        assert all(author["name"] for author in item["authors"])
    assert "title" not in told["items"][-1]
    assert told["items"][-2]["image"] == "https://img.example/1.jpg"


async def test_our_own_parser_reads_the_json_feed(bench: ArchiveBench) -> None:
    """A Liveline that polls another one's feed gets every post back, under its id."""
    entries = some_entries()
    await bench.publish(entries)

    posts = by_id(read(await bench.feed("json"), "application/feed+json"))

    assert set(posts) == set(ids(entries))
    assert posts[f"urn:uuid:{entries[0].entry_id}"].url == entries[0].url


async def test_our_own_parser_reads_the_live_blog_posting(bench: ArchiveBench) -> None:
    """A Liveline that polls another one's feed gets the posts back, under their ids, in plain text."""
    entries = some_entries()
    await bench.publish(entries)

    posts = by_id(read(await bench.feed("jsonld"), "application/ld+json"))

    assert set(posts) >= {f"urn:uuid:{entry.entry_id}" for entry in entries[:2]}
    first = posts[f"urn:uuid:{entries[0].entry_id}"]
    assert (first.url, first.authors) == (entries[0].url, entries[0].authors)
    assert first.body_text
    assert first.body_text.startswith("First line & more.")
    assert first.published_at == NOON


async def test_extruct_finds_the_live_blog_posting_in_a_page(bench: ArchiveBench) -> None:
    """As a search engine does; the publisher has a type, the texts no markup, the coverage its beginning."""
    await bench.publish(some_entries())
    body = (await bench.feed("jsonld")).decode()
    page = f'<html><head><script type="application/ld+json">{body}</script></head></html>'

    (told,) = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]

    assert (told["@type"], told["@context"]) == ("LiveBlogPosting", "https://schema.org")
    assert told["publisher"] == {"@type": "Organization", "name": "live.example"}
    assert told["coverageStartTime"] == "2024-05-01T09:00:00Z"
    assert "coverageEndTime" not in told
    assert all("<p>" not in update.get("articleBody", "") for update in told["liveBlogUpdate"])
    assert all(update["@type"] == "BlogPosting" for update in told["liveBlogUpdate"])


async def test_ninjs_is_a_composite_that_our_own_parser_reads(bench: ArchiveBench) -> None:
    """The texts are associations with a name and a uri, which ninjs 3 asks of them, and come back as posts."""
    entries = some_entries()
    await bench.publish(entries)
    body = await bench.feed("ninjs")
    told: dict[str, Any] = orjson.loads(body)

    assert (told["type"], told["standard"]["version"], told["uri"]) == ("composite", "3.0", PAGE)
    assert [each["uri"] for each in told["associations"]] == ids(entries)
    assert all(each["name"] and each["type"] == "text" for each in told["associations"])
    posts = read(orjson.dumps(told["associations"][-2]), "application/json").posts
    assert [(post.id, post.headline, post.urgency) for post in posts] == [
        (f"urn:uuid:{entries[0].entry_id}", "Fire <b>& smoke</b> at the quay", 2)
    ]
