"""The collected files and their truth: one row a post, with hashes where the texts are publishers'.

A row was written down from the parsers' output once that had been compared with the file (docs/formats.md says how).
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from schemas import Document, Post, Source
from streams.exceptions import ParseError
from streams.parse import Parsed, parse
from streams.parse.html.safe import html_to_text
from tests.unit.parse.agency_samples import REAL, SAMPLES, digest

TRUTH = SAMPLES / "collected-truth.csv"
TYPES = {".html": "text/html", ".json": "application/json", ".xml": "application/xml", ".txt": "text/plain"}
FOLDERS = ("jsonld-html", "html-other", "guardian-dcr", "guardian-capi", "bbc-live", "sourcefabric", "plaintext",
           "ninjs", "newsml", "rss")  # fmt: skip
RECEIVED = datetime(2024, 5, 1, 15, tzinfo=UTC)
TOLD: dict[str, tuple[datetime, str]] = {
    "plaintext/derived-corkbeo-2020-10-06.txt": (datetime(2020, 10, 6, 20, 42, tzinfo=UTC), "Europe/Dublin"),
    "plaintext/derived-guardian-perseverance-2021-02-19.txt": (
        datetime(2021, 2, 19, 19, 50, tzinfo=UTC),
        "Europe/London",
    ),
    "plaintext/derived-independent-2023-08-14.txt": (datetime(2023, 8, 14, 4, 58, tzinfo=UTC), "Europe/London"),
    "plaintext/telegraph-ukraine-2023-05-21.txt": (datetime(2023, 5, 21, 13, tzinfo=UTC), "Europe/London"),
    "plaintext/telegraph-airasia-2014-12-31.txt": (datetime(2014, 12, 31, 17, 30, tzinfo=UTC), "Europe/London"),
}
"""When a page of clocks was taken, and where: what a source's configuration says."""
FLAGS = ("key_event", "pinned", "breaking")
FIELDS = ("headline", "body", "published", "flags", "status")
Row = dict[str, str]


def files() -> list[str]:
    """Return all collected files that are documents."""
    paths = (path for folder in FOLDERS for path in sorted((REAL / folder).rglob("*")))
    return [str(path.relative_to(REAL)) for path in paths if path.suffix in TYPES]


def read(file: str) -> Parsed:
    """Parse a collected file with no hint of its format."""
    received, timezone = TOLD.get(file, (RECEIVED, "UTC"))
    document = Document(
        id=file,
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=received,
        content_type=TYPES[Path(file).suffix],
        body=(REAL / file).read_bytes(),
    )
    return parse(document, Source(id="evening-post", timezone=timezone))


def row(post: Post) -> Row:
    """Return what is judged of a post; a time that the document doesn't have is `received`."""
    kind = [] if post.kind == "post" else [str(post.kind)]
    return {
        "id": post.id or "",
        "published": "received" if post.time_basis == "received" else _instant(post.published_at),
        "updated": _instant(post.updated_at),
        "status": str(post.status),
        "flags": " ".join([*(name for name in FLAGS if getattr(post, name)), *kind]),
        "headline": digest(post.headline),
        "body": digest(post.body_text),
        "media": str(len(post.media)),
        "embeds": str(len(post.embeds)),
    }


def found(file: str) -> tuple[str, list[Row]]:
    """Return the format and the posts that the parsers find in a file; one they refuse has none."""
    try:
        parsed = read(file)
    except ParseError:
        return "", []
    return parsed.format, [row(post) for post in parsed.posts]


@cache
def truth() -> dict[str, list[Row]]:
    """Return the judged posts of each file; a file without rows has no post."""
    rows: dict[str, list[Row]] = defaultdict(list)
    with TRUTH.open(encoding="utf-8", newline="") as table:
        for line in csv.DictReader(table):
            rows[line.pop("file")].append(line)
    return rows


def exported_truth(file: str) -> Iterator[Row]:
    """Yield the truth of a list of feed items, whose fields are the posts' own."""
    for item in json.loads((REAL / file).read_bytes()):
        yield {
            "format": "feed-items",
            "id": "",
            "url": item["link"].strip(),
            "published": _instant(datetime.fromisoformat(item["date_published"])),
            "status": "usable",
            "flags": "",
            "headline": digest(_plain(item["title"])),
            "body": digest(_plain(item["description"])),
        }


def _plain(text: str | None) -> str:
    return html_to_text(text) if text and re.search(r"<\w|&\w+;|&#", text) else text or ""


def _instant(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
