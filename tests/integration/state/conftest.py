"""One state database a test: in SQLite, and in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.archive.state import State, open_state

from real_kafka import must_run
from real_postgres import PostgresMissing, RealPostgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[RealPostgres]:
    """One server for the whole session."""
    try:
        with running_postgres() as server:
            yield server
    except PostgresMissing as missing:
        if must_run():
            pytest.fail(f"no PostgreSQL on this machine: {missing}")
        pytest.skip(f"no PostgreSQL on this machine: {missing}")


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
