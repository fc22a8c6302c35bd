"""Documents for the ledger test: coverages with new posts, edits, repeats, stale versions, deletions and bad input.

The generator knows by itself what must come of each document; it uses none of the pipeline to find out. Only of the
wires, which report the same as each other, does the undisturbed run tell what must come.
"""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import orjson

from schemas import Document

# Records have their documents' times: of older ones, Kafka would delete the entries while they are counted.
START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
_SYLLABLES = ("ba", "do", "ke", "li", "mu", "ra", "so", "ti", "ve", "zu", "pra", "sto", "gle", "tri", "nor")


@dataclass(frozen=True, slots=True)
class Pushed:
    """A document and the partition that it goes to."""

    document: Document
    partition: int


@dataclass
class Expected:
    """What the generator knows."""

    revisions: Counter[str] = field(default_factory=Counter)
    """How many revisions each (source, post) gets, as `source/post`."""
    last: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Of each: the last status and headline."""
    bad: list[bytes] = field(default_factory=list)
    """Bodies that must become one dead letter each."""


class Workload:
    """Documents without end from one seed; `expected` is of those that were taken."""

    def __init__(self, *, coverages: int = 40, partitions: int = 4, seed: int = 7) -> None:
        self.expected = Expected()
        self._random = random.Random(seed)
        self._coverages = coverages
        self._partitions = partitions
        self._versions: dict[str, int] = {}
        self._alive: dict[int, list[str]] = {coverage: [] for coverage in range(coverages)}
        self._wires: dict[int, list[tuple[str, str]]] = {coverage: [] for coverage in range(coverages)}

    def __iter__(self) -> Iterator[Pushed]:
        """Yield the documents in the order in which they are pushed."""
        for number in itertools.count():
            coverage = self._random.randrange(self._coverages)
            source, chance = f"source-{coverage}", self._random.random()
            if chance < 0.15:
                source, body = self._wire(coverage, number)
            else:
                body = self._bad(number) if chance < 0.16 else self._good(coverage, number)
            document = Document(
                id=f"d{number}",
                source_id=source,
                coverage_id=f"coverage-{coverage}",
                received_at=START + timedelta(seconds=number),
                content_type="application/vnd.liveline.post+json",
                body=body,
            )
            yield Pushed(document, coverage % self._partitions)

    def _good(self, coverage: int, number: int) -> bytes:
        alive, chance = self._alive[coverage], self._random.random()
        source = f"source-{coverage}"
        if not alive or chance < 0.45:
            post = f"p{number}"
            alive.append(post)
            self._versions[f"{source}/{post}"] = 0
            return self._version(source, post)
        post = self._random.choice(alive)
        key = f"{source}/{post}"
        if chance < 0.75:
            return self._version(source, post)
        if chance < 0.85:  # the same again: nothing new
            return self._body(post, self._versions[key], self.expected.last[key][1])
        if chance < 0.93 and self._versions[key] > 1:  # an older version, late: ignored
            return self._body(post, self._versions[key] - 1, self._words(4))
        alive.remove(post)
        self._versions[key] += 1
        self.expected.revisions[key] += 1
        self.expected.last[key] = ("canceled", None)
        return orjson.dumps({"id": post, "version": str(self._versions[key]), "status": "canceled"})

    def _wire(self, coverage: int, number: int) -> tuple[str, bytes]:
        """Return a report of one wire, or the same told by another, or a wire's edit or deletion of its own."""
        reports, chance = self._wires[coverage], self._random.random()
        first, second = f"wire-a-{coverage}", f"wire-b-{coverage}"
        if not reports or chance < 0.4:
            text = f"{self._words(12).capitalize()}, {number} {self._words(14)}."
            reports.append((f"w{number}", text))
            return first, orjson.dumps({"id": f"w{number}", "body_text": text})
        post, text = self._random.choice(reports)
        if chance < 0.8:
            return second, orjson.dumps({"id": f"copy-{post}", "body_text": text})
        if chance < 0.9:
            return first, orjson.dumps({"id": post, "body_text": f"{text} {self._words(9).capitalize()}."})
        return first, orjson.dumps({"id": post, "status": "canceled"})

    def _version(self, source: str, post: str) -> bytes:
        key = f"{source}/{post}"
        self._versions[key] += 1
        headline = self._words(6)
        self.expected.revisions[key] += 1
        self.expected.last[key] = ("usable", headline)
        return self._body(post, self._versions[key], headline)

    def _body(self, post: str, version: int, headline: str | None) -> bytes:
        return orjson.dumps(
            {
                "id": post,
                "version": str(version),
                "headline": headline,
                "body_text": f"{headline}: {post} in its version",
                "published_at": "2026-03-01T08:00:00Z",
            }
        )

    def _bad(self, number: int) -> bytes:
        body = f'{{"headline": "never closed {number}'.encode()
        self.expected.bad.append(body)
        return body

    def _words(self, count: int) -> str:
        """Return words that no two posts share by chance, so that none is a near-duplicate."""
        return " ".join("".join(self._random.choices(_SYLLABLES, k=4)) for _ in range(count))
