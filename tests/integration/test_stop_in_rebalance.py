"""A worker that is told to stop while its group rebalances ends; Faust's own would wait for ever."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from streams.runtime.kafka.admin import create_topics
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan
from streams.topology import Names

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka
ROOT = Path(__file__).parents[2]
PREFIX = "stop-in-rebalance."
_PATIENCE_SECONDS = 90.0

# The worker as it is, but that a stop meets what it meets only by chance.
# "callback": a rebalance's callback that the main loop never answers;
# "last": a consumer's thread that needs the main loop in its last moments.
WORKER = """
import asyncio, signal, sys
from streams.bootstrap.wiring import run
from streams.bootstrap.worker import create_app
from streams.runtime.faust.consumer import BatchConsumer, ConsumerThread
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import Settings

async def never(self, revoked):
    print("revoking", flush=True)
    await asyncio.Event().wait()

async def last(self):
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self.parent_loop))

async def main():
    bootstrap, prefix, what = sys.argv[1:4]
    settings = Settings(kafka=bootstrap, topic_prefix=prefix, application="stop-in-rebalance", session_timeout=3)
    worker = create_app(settings, KafkaConnection(bootstrap))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.tell)
    await worker.start()
    while not any(host.ownership.partitions for host in worker.hosts):
        await asyncio.sleep(0.05)
    if what == "callback":
        BatchConsumer.on_partitions_revoked = never
    else:
        ConsumerThread._gather_remaining_tasks = last
    print("at work", flush=True)
    try:
        await worker.wait()
    finally:
        await worker.stop()
        print("stopped", flush=True)

run(main())
"""


@pytest.fixture
def start(tmp_path: Path, kafka: RealKafka) -> Iterator[Callable[[str, str], "subprocess.Popen[bytes]"]]:
    """Start workers that end with the test and write to a file each."""
    create_topics(KafkaConnection(kafka.bootstrap), Plan(Names(PREFIX), 2, 1))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
    with ExitStack() as stack:

        def run(name: str, what: str) -> "subprocess.Popen[bytes]":
            out = stack.enter_context((tmp_path / name).open("wb"))
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", WORKER, kafka.bootstrap, PREFIX, what],
                    stdout=out,
                    stderr=out,
                    env=kept | {"PYTHONPATH": str(ROOT)},
                )
            )
            stack.callback(process.kill)
            return process

        yield run


def test_a_stop_within_a_rebalance_ends_the_process(
    tmp_path: Path, start: Callable[[str, str], "subprocess.Popen[bytes]"]
) -> None:
    """The callback of the rebalance stands in the main loop, the consumer's thread waits for it, and SIGTERM comes."""
    first = start("first", "callback")
    _until(tmp_path / "first", b"at work")
    start("second", "callback")
    _until(tmp_path / "first", b"revoking")

    first.send_signal(signal.SIGTERM)

    _ends_cleanly(first, tmp_path / "first")


def test_the_main_loop_goes_on_while_the_consumer_s_thread_ends(
    tmp_path: Path, start: Callable[[str, str], "subprocess.Popen[bytes]"]
) -> None:
    """The thread has left the group and needs the main loop once more, which waits for its end."""
    worker = start("worker", "last")
    _until(tmp_path / "worker", b"at work")

    worker.send_signal(signal.SIGTERM)

    _ends_cleanly(worker, tmp_path / "worker")


def _ends_cleanly(process: "subprocess.Popen[bytes]", file: Path) -> None:
    assert process.wait(_PATIENCE_SECONDS) == 0
    out = file.read_bytes()
    assert b"stopped" in out
    assert b"worker.stop_cut_short" not in out  # it was not the bound on the shutdown that ended it


def _until(file: Path, word: bytes) -> None:
    """Wait until the worker has written this."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while word not in file.read_bytes():
        assert time.monotonic() < deadline, file.read_bytes()
        time.sleep(0.05)
