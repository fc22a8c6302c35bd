"""Databases that are brought to their present form."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import structlog

from streams.archive.alerts.address import alerts_url
from streams.archive.alerts.opening import take_up
from streams.archive.state import open_state


def test_two_databases_opened_at_once_get_their_own_tables(tmp_path: Path) -> None:
    """Alembic has one `op` for a process: a gateway opens its alerts while the deliverer opens the state."""
    for turn in range(8):
        begin = Barrier(2)
        folder = tmp_path / str(turn)
        folder.mkdir()

        def alerts(begin: Barrier = begin, folder: Path = folder) -> None:
            begin.wait(10)
            take_up(alerts_url(f"sqlite:///{folder}/liveline.db"), "log", (0,), structlog.get_logger()).dispose()

        def state(begin: Barrier = begin, folder: Path = folder) -> None:
            begin.wait(10)
            open_state(f"sqlite:///{folder}/state.db").close()

        with ThreadPoolExecutor(2) as threads:
            for done in (threads.submit(alerts), threads.submit(state)):
                done.result()
