"""Every transport's behaviour on a real Kafka."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from delivery_behaviour import DeliveryBehaviour, Start
from gateway_harness import a_bench
from gateway_on_kafka import OnKafka

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka


@pytest.fixture
def start(kafka: RealKafka, tmp_path: Path) -> Start:
    """Return what starts a gateway over topics of its own."""

    @asynccontextmanager
    async def gateway(**options: Any) -> AsyncIterator[OnKafka]:
        async with a_bench(kafka.bootstrap, tmp_path, **options) as bench:
            await bench.ready()
            yield OnKafka(bench)

    return gateway


class TestOnKafka(DeliveryBehaviour):
    """In transactions, some of which are aborted."""
