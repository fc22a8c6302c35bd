"""The spans of a batch: a document's own, ended with its commit, and carried on by its entries."""

from dataclasses import dataclass, field

from agents.test_entries import Worker

from streams.telemetry.tracing import Attributes, Span


@dataclass
class Recorded:
    """A span that is kept."""

    traceparent: str
    offset: str | int
    ended: list[str | None] = field(default_factory=list)

    def end(self, error: str | None = None) -> None:
        """Note its end."""
        self.ended.append(error)


@dataclass
class Recorder:
    """Keeps spans."""

    on: bool = True
    spans: list[Recorded] = field(default_factory=list)

    def start(self, name: str, parent: str | None, attributes: Attributes, *, began: float | None = None) -> Span:  # noqa: ARG002
        """Keep one."""
        self.spans.append(Recorded(f"{name}-{len(self.spans)}", attributes["messaging.kafka.offset"]))
        return self.spans[-1]


async def test_each_document_has_a_span_that_its_entries_carry_on() -> None:
    """A dead letter's error is its span's; no span ends before the commit, and each ends once."""
    worker, recorder = Worker(), Recorder()
    worker.agent.tracing = recorder
    await worker.start()
    await worker.agent.process(worker.batch(b'{"id": "1", "body_text": "Trams are back."}', b"no JSON"))

    assert [(span.offset, len(span.ended)) for span in recorder.spans] == [(0, 1), (1, 1)]
    assert recorder.spans[0].ended == [None]
    assert recorder.spans[1].ended != [None]
    (entry,) = worker.broker.read(worker.names.entries, 0)
    assert dict(entry.headers)["traceparent"] == b"process-0"
    await worker.ownership.stop()
