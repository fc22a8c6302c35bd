"""RSS and Atom as they are in the wild."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import Limits, Parsed, parse

RECEIVED = datetime(2024, 3, 1, 22, 0, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "samples" / "feed"


LATIN = '<?xml version="1.0" encoding="iso-8859-1"?>'
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><title>P</title></channel><item rdf:about="u"><title>Fire</title></item></rdf:RDF>"""


def read(body: str | bytes, content_type: str = "application/rss+xml", limits: Limits | None = None) -> Parsed:
    """Return what a feed gives."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type=content_type,
        body=body.encode() if isinstance(body, str) else body,
    )
    return parse(document, Source(id="evening-post"), limits)


def rss(items: str, declared: str = '<?xml version="1.0"?>') -> str:
    """Return a feed around items."""
    return (
        f'{declared}<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Evening Post</title><language>en-gb</language>{items}</channel></rss>"
    )


def test_an_rss_feed_with_all_that_it_can_hold() -> None:
    """Identity, times, text, summary, authors, subjects and each picture once with its own caption and credit."""
    parsed = read((SAMPLES / "rss.xml").read_bytes())

    ferry, fire, picture = parsed.posts
    assert (ferry.id, ferry.url) == ("evening-post-1002", "https://post.example/live#1002")
    assert (ferry.published_at, ferry.time_basis) == (datetime(2024, 3, 1, 21, 12, tzinfo=UTC), "exact")
    assert (ferry.headline, ferry.language) == ("Ferry & crew back at Marrow Quay", "en-GB")
    assert ferry.body_text == "The last of three ferries has tied up.\n\n“Nobody is hurt,” the harbour master said."
    assert ferry.summary == "All 212 passengers are safe."
    assert ferry.authors == ("Ana Reyes", "Tom Lee")
    assert [subject.name for subject in ferry.subjects] == ["Marrow", "Fire"]
    assert [(item.url, item.caption, item.credit) for item in ferry.media] == [
        ("https://img.example/ferry.jpg?w=460", "The ferry at the quay", "Ada Brook/PA")
    ]
    assert (fire.body_text, fire.summary, fire.url) == (
        "Firefighters are there.",
        None,
        "https://post.example/live#1001",
    )
    assert (picture.body_text, picture.media[0].type) == (None, "image")


def test_an_atom_feed() -> None:
    """Published and updated apart, XHTML content, a deleted entry."""
    parsed = read((SAMPLES / "atom.xml").read_bytes(), "application/atom+xml")

    ferry, gone = parsed.posts
    assert (ferry.id, ferry.url) == ("tag:post.example,2024:1002", "https://post.example/live#1002")
    assert ferry.published_at == datetime(2024, 3, 1, 21, 12, tzinfo=UTC)
    assert ferry.updated_at == datetime(2024, 3, 1, 21, 40, tzinfo=UTC)
    assert (ferry.headline, ferry.body_text) == ("Ferry <b>back</b>", "It tied up.\n\nAll are safe.")
    assert (gone.id, gone.status) == ("tag:post.example,2024:1001", "canceled")


@pytest.mark.parametrize(
    ("broken", "headline"),
    [
        ("  \n\n" + rss("<item><title>Fire</title></item>"), "Fire"),
        (rss("<item><title>Fire &amp; smoke</title></item>"), "Fire & smoke"),
        (rss("<item><title>Fire & smoke</title></item>"), "Fire & smoke"),
        (rss("<item><title>Caf&eacute; &nbsp;closed</title></item>"), "Café closed"),
        (rss("<item><title>Caf&amp;eacute; closed</title></item>"), "Café closed"),
        (rss("<item><title><![CDATA[Fire & smoke]]></title></item>"), "Fire & smoke"),
        (rss("<item><title>Fire\x0b</title></item>"), "Fire"),
        (rss("<item><title>Fire</title><link>https://x.example/?a=1&b=2</link></item>"), "Fire"),
        (rss("<item><title>Fire</title></item><item><title>Half"), "Fire"),
        (rss("<item><title>Café</title></item>", LATIN).encode("latin-1"), "Café"),
        (RDF, "Fire"),
        ("<rss><channel><item><title>Fire</title><media:content url='x'/></item></channel></rss>", "Fire"),
    ],
)  # fmt: skip
def test_a_broken_feed_is_read_as_far_as_it_goes(broken: str | bytes, headline: str) -> None:
    """White space before the declaration, bare ampersands, undeclared entities and prefixes, a cut end."""
    assert read(broken).posts[0].headline == headline


@pytest.mark.parametrize(
    ("date", "published", "basis"),
    [
        ("<pubDate>Fri, 01 Mar 2024 16:12:00 EST</pubDate>", "21:12", "exact"),
        ("<pubDate>2024-03-01T21:12:00</pubDate>", "21:12", "zone_assumed"),
        ("<pubDate>not a date</pubDate><dc:date>2024-03-01T21:12:00Z</dc:date>", "21:12", "exact"),
        ("<pubDate>Fri, 01 Mar 2024 21:12:00 +0000</pubDate><dc:date>1518478934</dc:date>", "21:12", "exact"),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", "22:00", "received"),
        ("<pubDate></pubDate>", "22:00", "received"),
        ("", "22:00", "received"),
    ],
)
def test_bad_dates_are_survived(date: str, published: str, basis: str) -> None:
    """The first date that is one counts; without any the post is published as received."""
    (post,) = read(rss(f"<item><title>Fire</title>{date}</item>")).posts

    assert post.published_at
    assert (f"{post.published_at:%H:%M}", post.time_basis) == (published, basis)


def test_an_empty_item_does_not_keep_the_others_out() -> None:
    """A bad entry is named by its place."""
    parsed = read(rss("<item><title>Fire</title></item><item></item><item><title>Ferry</title></item>"))

    assert [post.headline for post in parsed.posts] == ["Fire", "Ferry"]
    assert [(part.place, "empty" in part.error) for part in parsed.bad] == [("1", True)]


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY secret "&b;&b;&b;">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_of_a_document_type_are_not_read(declared: str) -> None:
    """Neither a file nor a bomb nor the network is reached through a feed."""
    (post,) = read(declared + rss("<item><title>Fire &secret; here</title></item>", "")).posts

    assert post.headline is not None
    assert len(post.headline) < 30


def test_a_feed_nested_too_deep_or_too_long_is_refused() -> None:
    """Neither depth nor number exhausts the parser."""
    with pytest.raises(ParseError):
        read("<rss>" + "<a>" * 100_000)
    with pytest.raises(ParseError, match="at most 2"):
        read(rss("<item><title>x</title></item>" * 3), limits=Limits(max_posts=2))
    with pytest.raises(ParseError, match="not a feed"):
        read("<note><to>Ana</to></note>")
