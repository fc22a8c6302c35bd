"""Topics of a test's own, with documents on `liveline.raw`."""

from pathlib import Path

import pytest
from generations_harness import Bench

from real_kafka import RealKafka


@pytest.fixture
def bench(kafka: RealKafka, tmp_path: Path) -> Bench:
    """Make Liveline's topics, four partitions each."""
    return Bench(kafka.bootstrap, tmp_path, partitions=4)
