"""Feeds over an empty archive."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.gateway.feeds.bench import FeedBench, a_feed_bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[FeedBench]:
    """Serve the feeds of an archive."""
    async with a_feed_bench(tmp_path, public_url="https://live.example/") as bench:
        yield bench
