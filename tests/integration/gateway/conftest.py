"""A gateway over the session's Kafka."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from gateway_harness import Bench, a_bench

from real_kafka import RealKafka


@pytest.fixture
async def bench(kafka: RealKafka, tmp_path: Path) -> AsyncIterator[Bench]:
    """Run a gateway that has caught up with empty topics."""
    async with a_bench(kafka.bootstrap, tmp_path) as bench:
        await bench.ready()
        yield bench
