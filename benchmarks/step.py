"""The step's pure functions, from a raw record's bytes to the bytes to be written: what every competitor runs."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from schemas.entry import Origin
from schemas.envelope import entry_headers, read_document
from streams.dedupe import Memory
from streams.pipeline import Pipeline
from streams.record import Record
from streams.topology import Names


@dataclass(slots=True)
class Step:
    """One partition's pure step: the same modules in the same order as the agent, without what makes it safe."""

    names: Names
    partition: int
    pipeline: Pipeline = field(default_factory=Pipeline)
    memory: Memory = field(default_factory=Memory)
    core_seconds: float = 0.0
    """Processor time spent in `Pipeline.run` alone."""

    def run(self, records: Sequence[tuple[int, bytes, Sequence[tuple[str, bytes]]]]) -> list[Record]:
        """Take records as (offset, value, headers); return what is to be written, and remember it."""
        now = datetime.now(UTC)
        documents = [
            (
                read_document(headers, value, now),
                Origin.model_construct(topic=self.names.raw, partition=self.partition, offset=offset),
            )
            for offset, value, headers in records
        ]
        draft = self.memory.draft()
        began = time.process_time()
        outcome = self.pipeline.run(documents, draft, now)
        self.core_seconds += time.process_time() - began
        if outcome.letters:
            raise RuntimeError(f"the benchmark's own document is bad: {outcome.letters[0].error}")
        out = []
        for entry in outcome.entries:
            key, value, headers = entry.entry_id.encode(), entry.to_json(), entry_headers(entry)
            out += [Record(self.names.entries, key, value, headers), Record(self.names.latest, key, value, headers)]
        out += [Record(self.names.memory, key, value) for key, value in draft.records()]
        self.memory.apply(draft)
        return out


def warm_up() -> None:
    """Load what is loaded at first use (parsers, the language model), so that no competitor is measured doing it."""
    from documents import posts, raw  # noqa: PLC0415  (peers that import this file need not)

    step = Step(Names("warm-up."), 0)
    step.run([(n, raw(d).value, raw(d).headers) for n, d in enumerate(posts(20))])


StepOf = Callable[[int], Step]


def steps(names: Names) -> StepOf:
    """Return a function that gives each partition its own step."""
    made: dict[int, Step] = {}

    def of(partition: int) -> Step:
        if partition not in made:
            made[partition] = Step(names, partition)
        return made[partition]

    return of


def headers_of(found: Any) -> list[tuple[str, bytes]]:
    """Return headers as pairs, whatever the client calls none."""
    return list(found or ())
