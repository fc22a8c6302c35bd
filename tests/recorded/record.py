"""Record what this version writes, for later versions to read: `PYTHONPATH=tests python -m recorded.record`.

A folder `memory-N` is of record version N and is never written again once that version was released; where a layout
has grown within its version, `memory-N-WHAT` holds what is written since. `parsed.json` is what the parsers of the
present `PARSER_VERSION` make of the samples.
"""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from schemas import Coverage, Document, Newsroom, Source
from streams.dedupe import Memory
from streams.dedupe.memory.record_version import RECORD_VERSION
from streams.exceptions import ParseError
from streams.gateway.delivery.cursor import encode_cursor, log_tag
from streams.parse import parse
from streams.parse.version import PARSER_VERSION
from streams.pipeline import Outcome, Pipeline

HERE = Path(__file__).parent
MEMORY = f"memory-{RECORD_VERSION}-stories"
"""What this version writes: the folder without stories is of before."""
SAMPLES = HERE.parent / "samples"
POSITIONS: tuple[dict[int, int], ...] = ({}, {0: 0}, {0: 5, 1: 70_000, 3: 2**40}, {n: n * 1_000 for n in range(12)})
LOG = "a-cluster/liveline.entries"
_TYPES = {
    ".html": "text/html", ".xml": "application/xml", ".json": "application/json", ".txt": "text/plain",
    ".csv": "text/csv", ".rss": "application/rss+xml", ".atom": "application/atom+xml",
}  # fmt: skip
_INQUIRY = "An inquiry will ask why the ferry hit the north pier at Westhaven, where three people were hurt."
_FERRY = "Three people were hurt when a ferry hit the north pier at Westhaven, the harbour master said on Wednesday."


def newsroom() -> Newsroom:
    """Return two coverages; one of the sources is complete."""
    names = ("pier", "match", "vote")
    return Newsroom(
        coverages=tuple(
            Coverage(id=name, sources=(Source(id=f"post-{name}"), Source(id=f"wire-{name}", complete=True)))
            for name in names
        )
    )


def given(day: str, source: str, *posts: dict[str, Any]) -> Document:
    """Return a document of that day."""
    return Document(
        id=f"{source}-{day}",
        source_id=source,
        coverage_id=source.partition("-")[2],
        received_at=datetime.fromisoformat(f"2024-{day}:00+00:00"),
        content_type="application/vnd.liveline.post+json",
        body=json.dumps(posts).encode(),
    )


def post(text: str, at: str, id_: str | None = None, **fields: Any) -> dict[str, Any]:
    """Return a post of that time of the first day."""
    return {"body_text": text, "published_at": f"2024-05-01T{at}:00Z", **({"id": id_} if id_ else {}), **fields}


DOCUMENTS = (
    # A coverage that is forgotten by the end.
    given(
        "01-10T12:00", "post-vote", {"id": "1", "body_text": "Polls are open.", "published_at": "2024-01-10T07:00:00Z"}
    ),
    # A coverage that is quiet by the end, with posts of both kinds, a duplicate, a version, a retraction and a story.
    given("05-01T12:00", "post-pier", post(_FERRY, "11:00", "1", version="3"), post("Trams are back.", "11:05", "2")),
    given("05-01T12:01", "wire-pier", post(_FERRY, "11:02", "w1"), post("The pier is closed.", "11:03", "w2")),
    given(
        "05-01T12:02", "post-pier", {"id": "2", "status": "canceled"}, post("Schools stay shut until noon.", "11:20")
    ),
    given("05-01T12:03", "post-pier", post(_INQUIRY, "11:40", "10")),
    # One that lives, with an embargo, an edit, a report from two sources and a story.
    given("05-06T12:00", "post-match", post(_FERRY, "11:00", "1", updated_at="2024-05-06T11:30:00Z")),
    given("05-06T12:01", "wire-match", post(_FERRY, "11:02", "w1"), post("Kick-off is at eight.", "11:03")),
    given(
        "05-06T12:02",
        "post-match",
        post("A report.", "11:30", "9", status="withheld", embargo_until="2024-05-09T12:00:00Z"),
    ),
    given("05-06T12:03", "post-match", post(_INQUIRY, "11:40", "10")),
)
AGAIN = (
    given(
        "05-07T12:00",
        "post-pier",
        post(_FERRY, "11:00", "1", version="3"),
        post("Schools stay shut until noon.", "11:20"),
    ),
    given("05-07T12:01", "wire-pier", post(_FERRY, "11:02", "w1"), post("The pier is closed.", "11:03", "w2")),
    given("05-07T12:02", "post-match", post(_FERRY, "11:00", "1", updated_at="2024-05-06T11:30:00Z")),
    given("05-07T12:03", "wire-match", post(_FERRY, "11:02", "w1"), post("Kick-off is at eight.", "11:03")),
)
FOLLOWED = (
    given("05-07T12:00", "post-pier", post(_INQUIRY, "11:40", "10", status="canceled")),
    given("05-07T12:01", "post-match", post(f"{_INQUIRY} Divers help.", "11:40", "10")),
    given("05-07T12:02", "post-match", post(f"{_INQUIRY} It begins on Friday, a judge said.", "11:50", "11")),
)
LATER = (
    given("05-08T11:00", "post-vote", {"id": "0", "body_text": "Polls.", "published_at": "2024-01-10T06:00:00Z"}),
    given("05-08T11:01", "post-vote", post("A recount.", "11:00", "2")),
    given("05-08T12:00", "post-pier", post("Nobody was hurt.", "11:00", "1", version="4"), post("Old.", "11:05", "2")),
    given(
        "05-08T12:01", "post-match", post("Five people were hurt.", "11:00", "1", updated_at="2024-05-08T11:30:00Z"),
    ),
    given("05-09T13:00", "wire-match", post("Kick-off is at eight.", "11:03")),
    given("05-30T12:00", "post-match", post("It is over.", "11:00", "1", updated_at="2024-05-30T11:30:00Z")),
)  # fmt: skip


def run(memory: Memory, documents: tuple[Document, ...], log: dict[bytes, bytes]) -> list[list[Any]]:
    """Process documents one by one, sweeping after each, and return what was published, with its story."""
    said: list[list[Any]] = []
    pipeline = Pipeline(newsroom())
    for document in documents:
        draft = memory.draft()
        outcomes: tuple[Outcome, ...] = (
            pipeline.release(draft, document.received_at),
            pipeline.run([(document, None)], draft, document.received_at),
        )
        said += [[e.entry_id, e.revision, str(e.change), e.story_id] for outcome in outcomes for e in outcome.entries]
        _commit(memory, draft, log)
        draft = memory.draft()
        draft.forget(document.received_at)
        _commit(memory, draft, log)
    return said


def _commit(memory: Memory, draft: Any, log: dict[bytes, bytes]) -> None:
    for key, value in draft.records():
        log.pop(key, None)  # as compaction leaves it: the newest of each key, in the order of the log
        if value is not None:
            log[key] = value
    memory.apply(draft)


def parsed_samples() -> Iterator[tuple[str, str]]:
    """Yield each sample with a digest of what the parsers make of it."""
    source = Source(id="sample")
    for path in sorted(SAMPLES.rglob("*")):
        if path.suffix in _TYPES and path.parent != SAMPLES:
            document = Document(
                id="d", source_id="sample", coverage_id="sample", received_at=datetime(2024, 5, 1, 12, tzinfo=UTC),
                content_type=_TYPES[path.suffix], body=path.read_bytes(),
            )  # fmt: skip
            try:
                made = "\n".join(each.model_dump_json() for each in parse(document, source).posts)
            except ParseError:
                continue
            yield str(path.relative_to(SAMPLES)), blake2b(made.encode(), digest_size=8).hexdigest()


def main() -> None:
    """Write everything that this version writes."""
    folder = HERE / MEMORY
    folder.mkdir(exist_ok=True)
    log: dict[bytes, bytes] = {}
    run(Memory(), DOCUMENTS, log)
    lines = [[base64.b64encode(key).decode(), base64.b64encode(value).decode()] for key, value in log.items()]
    (folder / "records.json").write_text(json.dumps(lines, indent=0) + "\n")
    records, memory = dict(log), Memory()
    for key, value in log.items():
        memory.load(key, value)
    said = run(memory, (*AGAIN, *LATER), log)
    (folder / "later.json").write_text(json.dumps([each[:3] for each in said], indent=0) + "\n")
    memory = Memory()
    for key, value in records.items():
        memory.load(key, value)
    (folder / "followed.json").write_text(json.dumps(run(memory, FOLLOWED, {}), indent=0) + "\n")
    cursors = [[{str(p): o for p, o in each.items()}, encode_cursor(log_tag(LOG), each)] for each in POSITIONS]
    (HERE / "cursors-1.json").write_text(json.dumps(cursors, indent=0) + "\n")
    found = {"parser": PARSER_VERSION, "samples": dict(parsed_samples())}
    (HERE / "parsed.json").write_text(json.dumps(found, indent=0) + "\n")


if __name__ == "__main__":
    main()
