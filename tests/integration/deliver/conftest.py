"""A deliverer over the session's Kafka."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from deliver_harness import Desk, a_desk

from real_kafka import RealKafka


@pytest.fixture
async def desk(kafka: RealKafka, tmp_path: Path) -> AsyncIterator[Desk]:
    """Make topics and a state database; nothing is delivered yet."""
    async with a_desk(kafka.bootstrap, tmp_path) as desk:
        yield desk
