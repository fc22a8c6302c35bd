"""One state database a test: in SQLite, and in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streams.archive.state import State, open_state

if TYPE_CHECKING:
    from real_postgres import RealPostgres


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/state.db"
    server: RealPostgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def state(url: str) -> Iterator[State]:
    """Give an open state database."""
    state = open_state(url)
    yield state
    state.close()
