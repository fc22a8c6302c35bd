"""A worker for the ledger test: the real one, which kills or stops itself at a step, and may lack a protection.

python worker.py BOOTSTRAP PREFIX CONTROL [WITHOUT]

When the file CONTROL/kill.STEP, stop.STEP or fail.STEP exists, the process that first reaches the step takes it, and
there sends itself SIGKILL or SIGSTOP, or lets the transaction fail. CONTROL/stop.taken.PID tells the test whom to wake.
"""

import asyncio
import faulthandler
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

import uvloop
from aiokafka.errors import KafkaError
from faust.types import TP

from streams.bootstrap.worker import create_app
from streams.logs import set_up_logs
from streams.runtime.faust.consumer import BatchConsumer
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import LogFormat, LogLevel, Settings

from chaos.alerts import NEWSROOM
from chaos.unprotected import PROTECTIONS

SESSION = timedelta(seconds=3)
_LONGEST_HOLD_SECONDS = 0.04
_LONGEST_HOLD_AFTER_A_SEEK_SECONDS = 0.2  # a fetch takes as long on a machine that is busy


def fault(control: Path, step: str) -> None:
    """Take the fault that waits for this step, if there is one."""
    for kind in ("kill", "stop", "fail"):
        try:
            (control / f"{kind}.{step}").rename(control / f"{kind}.taken.{os.getpid()}")
        except FileNotFoundError:
            continue
        if kind == "fail":
            raise KafkaError("the ledger test lets this transaction fail")
        os.kill(os.getpid(), signal.SIGKILL if kind == "kill" else signal.SIGSTOP)


async def hold_the_loop() -> None:
    """Hold it again and again for a moment, as the parsing of a large page does: others' wake-ups come late then."""
    chance = random.Random()
    while True:
        await asyncio.sleep(chance.uniform(0.0, 0.1))
        time.sleep(chance.uniform(0.0, _LONGEST_HOLD_SECONDS))  # noqa: ASYNC251  (the point of it)


def hold_after_each_seek() -> None:
    """Hold the loop where a take-over is most vulnerable: its partition is sought and does not know it yet."""
    seek = BatchConsumer.seek

    async def and_hold(self: BatchConsumer, tp: TP, offset: int) -> None:
        await seek(self, tp, offset)
        time.sleep(random.uniform(0.0, _LONGEST_HOLD_AFTER_A_SEEK_SECONDS))  # noqa: ASYNC251  (the point of it)

    BatchConsumer.seek = and_hold  # type: ignore[method-assign]


async def main() -> None:
    """Run until told to stop, or until the process is killed."""
    bootstrap, prefix, control = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    settings = Settings(
        kafka=bootstrap,
        topic_prefix=prefix,
        application=f"{prefix}app",
        session_timeout=SESSION,
        newsroom=NEWSROOM,
    )

    async def at_step(step: str) -> None:
        fault(control, step)

    set_up_logs(LogLevel.INFO, LogFormat.JSON)
    faulthandler.register(signal.SIGUSR1)
    if len(sys.argv) > 4:
        PROTECTIONS[sys.argv[4]]()
    hold_after_each_seek()
    worker = create_app(settings, KafkaConnection(bootstrap), at_step=at_step)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.tell)
    await worker.start()
    holding = asyncio.create_task(hold_the_loop())
    try:
        await worker.wait()
    finally:
        holding.cancel()
        await worker.stop()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
