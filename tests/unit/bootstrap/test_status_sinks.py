"""Sinks of alerts that failed, from the state database over a heartbeat to the screen of `liveline status`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from streams.archive.state import SinkDeliveries, State, open_state
from streams.archive.state.sink_deliveries import SinkDelivery, SinkStatus
from streams.bootstrap.heartbeats import tell_sinks
from streams.bootstrap.status import Status, note_failed_sinks
from streams.cli.output.status_screen import screen

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """Open a state database."""
    state = open_state(f"sqlite:///{tmp_path}/state.db")
    yield state
    state.close()


def delivered(state: State, sink: str, alert: str, status: SinkStatus, ago: timedelta) -> None:
    """Keep what became of an alert at a sink."""
    error = "no answer" if status is SinkStatus.FAILED else None
    SinkDeliveries(state).put(SinkDelivery(sink, alert, 1, status, NOW - ago, error=error))


async def test_a_sink_that_nothing_has_reached_since_is_a_problem(state: State) -> None:
    """One that works again is only shown, and what failed the day before yesterday is not."""
    hour = timedelta(hours=1)
    delivered(state, "desk", "a1", SinkStatus.SENT, 3 * hour)
    delivered(state, "desk", "a2", SinkStatus.FAILED, 2 * hour)
    delivered(state, "phone", "a1", SinkStatus.FAILED, 2 * hour)
    delivered(state, "phone", "a2", SinkStatus.SENT, hour)
    delivered(state, "old", "a1", SinkStatus.FAILED, 40 * hour)

    told = await tell_sinks(state, lambda: NOW)()
    status = Status(processes=[{"kind": "deliverer", **told}])
    note_failed_sinks(status)

    assert status.failed_sinks == [
        {
            "sink": "desk",
            "failed": 1,
            "last_at": "2026-05-01T10:00:00.000Z",
            "error": "no answer",
            "sent_at": "2026-05-01T09:00:00.000Z",
        },
        {
            "sink": "phone",
            "failed": 1,
            "last_at": "2026-05-01T10:00:00.000Z",
            "error": "no answer",
            "sent_at": "2026-05-01T11:00:00.000Z",
        },
    ]
    assert status.problems == ["sink desk: nothing has reached it since it failed: no answer"]
    assert status.processes == [{"kind": "deliverer"}]


def test_the_screen_names_them() -> None:
    """With the error, and when it was last reached."""
    failed = {"sink": "desk", "failed": 3, "last_at": "2026-05-01T10:00:00.000Z", "error": "no answer"}

    lines = list(screen(Status(failed_sinks=[failed])))

    assert "  desk: 3 failed, the last at 2026-05-01T10:00:00.000Z (no answer); never reached" in lines
