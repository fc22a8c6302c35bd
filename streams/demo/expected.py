"""What the event must lead to, from `samples/expected.yaml`, which a person wrote and reviewed."""

from dataclasses import dataclass

import yaml

from schemas.entry import Entry
from streams.demo.newsroom import SAMPLES


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision, by what a person calls it."""

    source: str
    post: str
    revision: int
    change: str
    note: str = ""
    """`duplicate of ...`, `correction`, or nothing."""

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        return f"{self.source} {self.post!r} revision {self.revision} {self.change}{note}"


@dataclass(frozen=True, slots=True)
class Told:
    """A revision of an alert at the demo's sink."""

    rule: str
    change: str
    word: str
    """What became of it there, such as `sent`."""

    def __str__(self) -> str:
        return f"{self.rule} {self.change} {self.word}"


@dataclass(frozen=True, slots=True)
class Expected:
    """All that comes out of the event."""

    revisions: tuple[Revision, ...]
    dead_letters: int
    alerts: tuple[Told, ...]
    """What the rules tell, in the order in which it comes to the sink."""


def expected() -> Expected:
    """Return what a person expects."""
    found = yaml.safe_load((SAMPLES / "expected.yaml").read_text(encoding="utf-8"))
    return Expected(
        tuple(Revision(*row) for row in found["revisions"]),
        found["dead_letters"],
        tuple(Told(*row) for row in found["alerts"]),
    )


def as_revisions(entries: list[Entry]) -> tuple[Revision, ...]:
    """Return entries in a person's words: posts by the source's id, else by headline."""
    names: dict[str, str] = {}
    for entry in entries:
        names.setdefault(entry.entry_id, entry.source_post_id or entry.headline or entry.kind.value)
    return tuple(
        Revision(entry.source_id, names[entry.entry_id], entry.revision, entry.change.value, _note(entry, names))
        for entry in entries
    )


def _note(entry: Entry, names: dict[str, str]) -> str:
    if entry.duplicate_of:
        return f"duplicate of {names.get(entry.duplicate_of, entry.duplicate_of)}"
    if entry.sources:
        return f"also {', '.join(report.source_id for report in entry.sources)}"
    return "correction" if entry.is_correction else ""
