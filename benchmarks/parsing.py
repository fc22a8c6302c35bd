"""Parsing speed by format, beside the library it stands on doing the least it must with the same bytes.

    python benchmarks/parsing.py [--rounds 9] [--data ../shared/data]

The documents are the collected files where they are, else the project's samples. Ours and the library take turns in
each round; figures are medians, the ratio is that of one run. `recognised` is the share of our time that goes into
finding out, without a hint, which format a document is.
"""

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import lxml.etree
import orjson
from selectolax.lexbor import LexborHTMLParser

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import Limits, detect, parse
from streams.parse.payload.payload import Payload

ROOT = Path(__file__).resolve().parents[1]
TYPES = {".html": "text/html", ".json": "application/json", ".xml": "application/xml", ".txt": "text/plain"}
SOURCE = Source(id="evening-post", timezone="Europe/London")
SKIPPED = ("ner", "dedupe", "liveblogsum-json")
AT_LEAST = 0.02
"""Seconds that one measurement takes; short documents are parsed again and again."""


def _html(body: bytes) -> Any:
    return LexborHTMLParser(body).body


def _xml(body: bytes) -> Any:
    return lxml.etree.fromstring(body, lxml.etree.XMLParser(recover=True, resolve_entities=False))


def _lines(body: bytes) -> Any:
    return body.decode(errors="replace").splitlines()


LIBRARIES: dict[str, tuple[str, Callable[[bytes], Any]]] = {
    ".html": ("selectolax", _html),
    ".json": ("orjson", orjson.loads),
    ".xml": ("lxml", _xml),
    ".txt": ("splitlines", _lines),
    "feed": ("feedparser", feedparser.parse),
}


@dataclass(frozen=True, slots=True)
class Given:
    """A document, how many posts it has, and the library that reads such documents."""

    document: Document
    posts: int
    library: str
    least: Callable[[bytes], Any]


def documents(data: Path) -> dict[str, list[Given]]:
    """Return the documents that can be parsed, by format and kind of file."""
    found: dict[str, list[Given]] = defaultdict(list)
    for path in sorted(data.rglob("*")):
        if path.suffix not in TYPES or path.relative_to(data).parts[0] in SKIPPED:
            continue
        document = Document(
            id=path.name,
            source_id="evening-post",
            coverage_id="harbour-fire",
            received_at=datetime(2024, 5, 1, 18, tzinfo=UTC),
            content_type=TYPES[path.suffix],
            body=path.read_bytes(),
        )
        try:
            parsed = parse(document, SOURCE)
        except ParseError:
            continue
        if parsed.posts:
            library, least = LIBRARIES.get(parsed.format) or LIBRARIES[path.suffix]
            given = Given(document, len(parsed.posts), library, least)
            found[f"{parsed.format} ({path.suffix[1:]})"].append(given)
    return found


def seconds(work: Callable[[], object]) -> float:
    """Return how long one go at a piece of work takes."""
    rounds = 0
    began = time.perf_counter()
    while (took := time.perf_counter() - began) < AT_LEAST:
        work()
        rounds += 1
    return took / rounds


def measure(given: list[Given], rounds: int) -> tuple[float, float, float]:
    """Return the median seconds for all documents: ours, recognising them alone, the library's."""
    ours, recognised, plain = [], [], []
    for _ in range(rounds):
        ours.append(seconds(lambda: [parse(each.document, SOURCE) for each in given]))
        recognised.append(seconds(lambda: [detect(Payload(each.document, SOURCE, Limits())) for each in given]))
        plain.append(seconds(lambda: [each.least(each.document.body) for each in given]))
    return statistics.median(ours), statistics.median(recognised), statistics.median(plain)


def main() -> None:
    """Print a row a format."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--rounds", type=int, default=9)
    arguments.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    told = arguments.parse_args()
    data = told.data if told.data.is_dir() else ROOT / "tests" / "samples"
    print(f"{data.resolve().name}, {told.rounds} rounds, medians")
    print("| format | documents | KB | posts | MB/s | posts/s | recognised | library | its MB/s | ours takes |")
    print("|---|---:|---:|---:|---:|---:|---:|---|---:|---:|")
    for name, given in sorted(documents(data).items()):
        ours, recognised, plain = measure(given, told.rounds)
        size = sum(len(each.document.body) for each in given) / 1e6
        posts = sum(each.posts for each in given)
        speed = f"{size / ours:.1f} | {posts / ours:,.0f} | {100 * recognised / ours:.0f} %"
        print(
            f"| {name} | {len(given)} | {size * 1e3:,.0f} | {posts:,} | {speed} "
            f"| {given[0].library} | {size / plain:,.0f} | {ours / plain:.1f}x |"
        )


if __name__ == "__main__":
    main()
