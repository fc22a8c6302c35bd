"""The collected live pages and feeds come out whole: counts, headlines, bodies, instants against the truth tables."""

import csv
import json
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from schemas import Document, Post, Source
from streams.parse import parse

DATA = Path(__file__).parents[4] / ".." / "shared" / "data"
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data, the collected files, is absent"),
]  # fmt: skip
LONDON = ZoneInfo("Europe/London")
TABLES = {
    "derived-corkbeo-2020-10-06": "Europe/Dublin",
    "derived-guardian-perseverance-2021-02-19": "Europe/London",
    "derived-independent-2023-08-14": "Europe/London",
}


def read(
    path: Path, received: datetime, timezone: str = "Europe/London", content_type: str = "text/plain"
) -> list[Post]:
    """Return a file's posts but the lead, with no hint of its format."""
    document = Document(
        id=path.name,
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=received,
        content_type=content_type,
        body=path.read_bytes(),
    )
    parsed = parse(document, Source(id="evening-post", timezone=timezone))
    assert not parsed.bad
    return [post for post in parsed.posts if post.kind == "post"]


def fingerprint(posts: list[Post]) -> str:
    """Return a hash of all headlines, bodies, captions, credits and instants, white space apart."""
    said = [
        [post.headline, post.body_text, post.published_at, [[item.caption, item.credit] for item in post.media]]
        for post in posts
    ]
    return sha1(re.sub(r"\s+", " ", json.dumps(said, default=str)).encode(), usedforsecurity=False).hexdigest()[:12]


@pytest.mark.parametrize("table", TABLES)
def test_derived_pages_match_their_truth(table: str) -> None:
    """Every post with its headline, its minute, and its body down to the character, captions apart."""
    with (DATA / "plaintext" / f"{table}.truth.csv").open(encoding="utf-8") as file:
        truth = list(csv.DictReader(file))
    true_times = [
        datetime.fromisoformat(row["datePublished"])
        if "datePublished" in row
        else datetime.fromtimestamp(int(row["firstPublished_ms"]) / 1000, UTC)
        for row in truth
    ]

    posts = read(DATA / "plaintext" / f"{table}.txt", max(true_times) + timedelta(minutes=20), TABLES[table])

    assert len(posts) == len(truth)
    assert [post.headline or "" for post in posts] == [row["headline"] for row in truth]
    assert [post.published_at for post in posts] == [
        time.astimezone(UTC).replace(second=0, microsecond=0) for time in true_times
    ]
    for post, row in zip(posts, truth, strict=True):
        captions = "".join(f"{item.caption or ''}{item.credit or ''}" for item in post.media)
        assert abs(len(re.sub(r"\n\n", "\n", post.body_text or "")) + len(captions) - int(row["body_chars"])) <= 20


def test_the_ukraine_page() -> None:
    """Seven posts from lunch back to breakfast, three with captions, whenever the file is read."""
    path = DATA / "plaintext" / "telegraph-ukraine-2023-05-21.txt"
    posts = read(path, datetime(2023, 5, 21, 13, tzinfo=UTC))

    clocks = ["12:40", "12:19", "12:02", "11:41", "10:49", "10:26", "10:04"]
    assert [f"{post.published_at.astimezone(LONDON):%Y-%m-%d %H:%M}" for post in posts if post.published_at] == [
        f"2023-05-21 {clock}" for clock in clocks
    ]
    assert [len(post.media) for post in posts] == [0, 2, 1, 0, 0, 4, 0]
    assert [bool(post.body_text) for post in posts] == [True] * 5 + [False, True]
    assert fingerprint(posts) == fingerprint(read(path, datetime(2026, 11, 23, 6, tzinfo=UTC)))
    assert fingerprint(posts) == "e4d7626a3447"


def test_the_airasia_page() -> None:
    """Thirty-eight posts without headlines over midnight; a time quoted in the prose is none."""
    path = DATA / "plaintext" / "telegraph-airasia-2014-12-31.txt"
    posts = read(path, datetime(2014, 12, 31, 17, 30, tzinfo=UTC))

    assert len(posts) == 38
    assert not any(post.headline for post in posts)
    assert [f"{post.published_at:%d %H:%M}" for post in posts if post.published_at][-3:] == [
        "31 00:04",
        "30 23:46",
        "30 23:45",
    ]
    assert fingerprint(posts) == "fbfec266f238"


def test_agencies_wire_texts_are_not_taken_for_live_pages() -> None:
    """A dispatch with a time in its header is another format's."""
    for path in (DATA / "plaintext").glob("*__*.txt"):
        document = Document(
            id=path.name,
            source_id="evening-post",
            coverage_id="harbour-fire",
            received_at=datetime(2024, 3, 1, tzinfo=UTC),
            content_type="text/plain",
            body=path.read_bytes(),
        )
        try:
            found = parse(document, Source(id="evening-post")).format
        except Exception as error:  # noqa: BLE001  (whose it is, is not this test's business)
            found = str(error)
        assert found != "plain-text", path.name


@pytest.mark.parametrize(
    ("name", "count", "dated"),
    [
        ("TechCrunch.xml", 20, 20),
        ("RSSWithComments.xml", 30, 30),
        ("InvalidDateFormat.xml", 2, 2),
        ("DuplicateContentAtomFeed.xml", 10, 10),
    ],
)
def test_raw_feeds_come_out_whole(name: str, count: int, dated: int) -> None:
    """All entries, each with its date, of feeds with white space in front, none to the end, or a page around them."""
    posts = read(DATA / "rss" / "xml" / name, datetime(2024, 3, 1, tzinfo=UTC), "UTC", "application/xml")

    assert len(posts) == count
    assert sum(post.time_basis == "exact" for post in posts) == dated
    assert all(post.headline and post.url for post in posts)
