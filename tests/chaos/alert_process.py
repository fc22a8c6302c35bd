"""A worker or a deliverer of the day of alerts: the real one, on the clock that the test writes.

python -m chaos.alert_process worker|deliver BOOTSTRAP PREFIX FOLDER ADDRESS
"""

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

import uvloop
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from streams.bootstrap.deliverer import delivering
from streams.bootstrap.worker import create_app
from streams.logs import set_up_logs
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import LogFormat, LogLevel, Settings

from chaos.alert_day import DAY, NEWSROOM, SINK

SESSION = timedelta(seconds=3)


class WrittenClock:
    """Call it for the time that stands in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self) -> datetime:
        """Return the present time."""
        return datetime.fromisoformat(self._path.read_text())


async def main() -> None:
    """Run until the process is killed."""
    kind, bootstrap, prefix, folder, address = sys.argv[1:]
    clock = WrittenClock(Path(folder) / "clock")
    settings = Settings(
        kafka=bootstrap,
        topic_prefix=prefix,
        application=f"{prefix}app",
        session_timeout=SESSION,
        newsroom=NEWSROOM,
        alerts_from=clock() - DAY,
        state=f"sqlite:///{folder}/state.db",
        sink_addresses={SINK: SecretStr(address)},
    )
    set_up_logs(LogLevel.INFO, LogFormat.JSON)
    connection = KafkaConnection(bootstrap)
    if kind == "deliver":
        async with delivering(settings, connection, CollectorRegistry(), clock=clock) as delivery:
            await delivery.task
    else:
        worker = create_app(settings, connection, clock=clock)
        await worker.start()
        try:
            await worker.wait()
        finally:
            await worker.stop()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
