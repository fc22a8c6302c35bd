"""A digest of all that the pipeline makes of documents: equal before and after a change that is to change nothing.

    python benchmarks/output_digest.py [--data ../shared/data] > before.txt    # then change, and diff

A line a document of the collected files (else of the project's samples), each processed alone and three times: as it
is, with one word changed, as it is again. Then a line for each event of the collected live blogs and for the invented
posts and pages, whose documents share a memory. What goes to Kafka is digested: entries, dead letters, records of the
memory; all but `processed_at`.
"""

import argparse
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from documents import pages, posts, real_posts

from schemas import Document, Source
from schemas.entry import Entry
from schemas.newsroom import Coverage, Newsroom
from streams.dedupe import Memory
from streams.pipeline import Pipeline

ROOT = Path(__file__).resolve().parents[1]
TYPES = {".html": "text/html", ".json": "application/json", ".xml": "application/xml", ".txt": "text/plain"}
SKIPPED = ("ner", "dedupe", "liveblogsum-json", "enrich")
NOW = datetime(2024, 5, 1, 18, tzinfo=UTC)
WORD = re.compile(rb"(?<=[a-z] )[a-z]{6,12}(?= [a-z])")
SOURCE = Source(id="evening-post", timezone="Europe/London")


def files(data: Path) -> Iterator[tuple[str, list[Document]]]:
    """Yield each file as the documents of three polls."""
    for path in sorted(data.rglob("*")):
        place = path.relative_to(data)
        if path.suffix in TYPES and place.parts[0] not in SKIPPED:
            body = path.read_bytes()
            words = list(WORD.finditer(body))
            at = words[len(words) // 2] if words else None
            edited = body[: at.start()] + b"changed" + body[at.end() :] if at else body + b" "
            polls = (body, edited, body)
            yield str(place), [_document(path, n, poll) for n, poll in enumerate(polls)]


def _document(path: Path, number: int, body: bytes) -> Document:
    return Document(
        id=f"{path.name}-{number}", source_id="evening-post", coverage_id="harbour-fire",
        received_at=NOW + timedelta(minutes=number), content_type=TYPES[path.suffix], body=body,
    )  # fmt: skip


def events() -> Iterator[tuple[str, list[Document]]]:
    """Yield the documents that share a memory: collected posts by coverage, then invented ones."""
    by_coverage = sorted(real_posts(100_000), key=lambda document: document.coverage_id)
    for coverage, documents in groupby(by_coverage, key=lambda document: document.coverage_id):
        yield coverage, list(documents)
    yield "invented posts", list(posts(1_500, coverages=5))
    yield "invented pages", list(pages(40, coverages=2))


def digest(documents: Iterable[Document]) -> str:
    """Return the digest of what documents lead to, in the order given."""
    found = hashlib.sha256()
    memory, counts = Memory(), [0, 0, 0]
    newsroom = Newsroom(coverages=(Coverage(id="harbour-fire", sources=(SOURCE,)),))
    pipeline = Pipeline(newsroom)
    for document in documents:
        draft = memory.draft()
        outcome = pipeline.run([(document, None)], draft, NOW)
        for entry in outcome.entries:
            value = entry.to_json()
            found.update(entry.model_copy(update={"enriched_by": None}).to_json())  # a hash of the enrichers' own code
            if Entry.from_json(value) != entry:
                raise RuntimeError(f"entry {entry.entry_id} of {document.id} is read otherwise than it was written")
        for letter in outcome.letters:
            found.update(letter.to_json())
        for key, value in draft.records():
            found.update(key + (value or b""))
        memory.apply(draft)
        counts[0] += len(outcome.entries)
        counts[1] += len(outcome.letters)
        counts[2] += outcome.unchanged
    return f"{found.hexdigest()[:24]} {counts[0]} entries {counts[1]} letters {counts[2]} unchanged"


def main() -> None:
    """Print a line a data set."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    data = parser.parse_args().data
    sets = files(data if data.is_dir() else ROOT / "tests" / "samples")
    for name, documents in (*sets, *events()):
        print(f"{name}: {digest(documents)}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
