"""What a released version has written is read by every later one, and better parsers are told by their version."""

import base64
import json
from pathlib import Path

import pytest
from recorded.record import AGAIN, FOLLOWED, HERE, LATER, LOG, parsed_samples, run

from streams.dedupe import Memory
from streams.gateway.delivery.cursor import decode_cursor, log_tag
from streams.parse.version import PARSER_VERSION


@pytest.mark.parametrize("folder", sorted(HERE.glob("memory-*")), ids=lambda folder: folder.name)
def test_recorded_memory_is_read(folder: Path) -> None:
    """The same pages again say nothing, edits, returns and an embargo's end go on where the recorded run stopped."""
    memory = loaded(folder)

    assert run(memory, AGAIN, {}) == []
    assert [each[:3] for each in run(memory, LATER, {})] == json.loads((folder / "later.json").read_text())


@pytest.mark.parametrize("path", sorted(HERE.glob("memory-*/followed.json")), ids=lambda path: path.parent.name)
def test_recorded_stories_go_on(path: Path) -> None:
    """Entries that joined a story keep it when they are edited or taken back, and others join it."""
    assert run(loaded(path.parent), FOLLOWED, {}) == json.loads(path.read_text())


def loaded(folder: Path) -> Memory:
    """Return the memory of recorded records."""
    memory = Memory()
    for key, value in json.loads((folder / "records.json").read_text()):
        memory.load(base64.b64decode(key), base64.b64decode(value))
    return memory


@pytest.mark.parametrize("path", sorted(HERE.glob("cursors-*.json")), ids=lambda path: path.stem)
def test_recorded_cursors_are_read(path: Path) -> None:
    """A subscriber that comes back after an upgrade goes on at its place."""
    for position, cursor in json.loads(path.read_text()):
        assert decode_cursor(log_tag(LOG), cursor) == {int(p): offset for p, offset in position.items()}


def test_parsers_that_read_otherwise_have_another_version() -> None:
    """Else the first sight of every post of every running page would be an edit of it."""
    recorded = json.loads((HERE / "parsed.json").read_text())
    now = dict(parsed_samples())

    changed = sorted(name for name, digest in recorded["samples"].items() if now.get(name) != digest)
    assert not changed or recorded["parser"] != PARSER_VERSION, (
        f"the posts of {', '.join(changed)} come out otherwise. If the parsers of PARSER_VERSION {PARSER_VERSION} were "
        "released, raise it; then `PYTHONPATH=tests python -m recorded.record`, and say so in CHANGELOG.md"
    )
    assert recorded["parser"] == PARSER_VERSION, "record anew: `PYTHONPATH=tests python -m recorded.record`"
