"""`liveline alerts acknowledge`: on the state database, without Kafka for a whole id."""

from collections.abc import Callable
from pathlib import Path

import orjson
from click.testing import Result

from streams.archive.state import Acknowledgements, open_state

Liveline = Callable[..., Result]
ALERT = "5e0f6c1a-8f0b-5c5d-9d52-0a3f6ad0c2b7"


def test_an_alert_is_acknowledged_once(liveline: Liveline, tmp_path: Path) -> None:
    """The first one counts and is what is printed; it is in the database for gateway and deliverer."""
    first = liveline("alerts", "acknowledge", ALERT, "--by", "ada")
    second = liveline("alerts", "acknowledge", ALERT.upper(), "--by", "bo")
    state = open_state(f"sqlite:///{tmp_path}/liveline-state.db")
    kept = Acknowledgements(state).of([ALERT])[ALERT]
    state.close()

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert orjson.loads(first.stdout) == orjson.loads(second.stdout)
    assert orjson.loads(first.stdout)["by"] == kept.by == "ada"


def test_it_is_taken_back(liveline: Liveline) -> None:
    """A second time there is nothing to take back: exit 1."""
    liveline("alerts", "acknowledge", ALERT)

    assert liveline("alerts", "acknowledge", ALERT, "--undo").exit_code == 0
    again = liveline("alerts", "acknowledge", ALERT, "--undo")
    assert (again.exit_code, "nobody has acknowledged it" in again.stderr) == (1, True)


def test_part_of_an_id_needs_a_real_kafka(liveline: Liveline) -> None:
    """Only Kafka knows whose it is; the embedded broker ends with its process."""
    result = liveline("alerts", "acknowledge", "5e0f")

    assert result.exit_code == 2
    assert "LIVELINE_KAFKA" in result.stderr


def test_a_corrupt_database_is_named(liveline: Liveline, tmp_path: Path) -> None:
    """And left as it is."""
    (tmp_path / "liveline-state.db").write_bytes(b"no database at all" * 100)
    result = liveline("alerts", "acknowledge", ALERT)

    assert result.exit_code in (1, 2)
    assert "LIVELINE_STATE" in result.stderr
