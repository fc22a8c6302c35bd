"""Feeds over an empty archive."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.unit.gateway.archive_bench import ArchiveBench, an_archive_bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[ArchiveBench]:
    """Serve the feeds of an archive."""
    async with an_archive_bench(tmp_path, public_url="https://live.example/") as bench:
        yield bench
