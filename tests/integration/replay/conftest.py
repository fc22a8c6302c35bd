"""Topics of a test's own."""

from pathlib import Path

import pytest
from replay_harness import Topics

from real_kafka import RealKafka


@pytest.fixture
def topics(kafka: RealKafka, tmp_path: Path) -> Topics:
    """Make Liveline's topics, two partitions each."""
    return Topics(kafka.bootstrap, tmp_path)
