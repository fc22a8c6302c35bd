"""Fixtures that several rooms' tests share."""

from collections.abc import Generator, Iterator

import hypothesis
import pytest
from long_first import long_first

from real_kafka import KafkaMissing, RealKafka, must_run, running_kafka
from real_postgres import PostgresMissing, RealPostgres, running_postgres

# Imported here: its plugin does so at the very end else, where a live thread trips CPython's gh-106905. No deadlines:
# the machine is shared. In CI the same examples each time, so that a change is judged by what it changed.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if must_run() else "here")


@pytest.fixture(scope="session")
def kafka() -> Iterator[RealKafka]:
    """One real broker for the whole session; give topics a prefix of your own, and leave it running."""
    yield from _kafka(1)


@pytest.fixture
def own_kafka() -> Iterator[RealKafka]:
    """Start a broker of the test's own, to stop, kill and restart as it likes."""
    yield from _kafka(1)


@pytest.fixture(scope="session")
def three_kafkas() -> Iterator[RealKafka]:
    """Three nodes, for what needs replicas."""
    yield from _kafka(3)


@pytest.fixture(scope="session")
def postgres() -> Iterator[RealPostgres]:
    """One real PostgreSQL for the whole session; each test makes databases of its own."""
    try:
        with running_postgres() as server:
            yield server
    except PostgresMissing as missing:
        if must_run():
            pytest.fail(f"no PostgreSQL on this machine: {missing}")
        pytest.skip(f"no PostgreSQL on this machine: {missing}")


def _kafka(nodes: int) -> Iterator[RealKafka]:
    try:
        with running_kafka(nodes) as kafka:
            yield kafka
    except KafkaMissing as missing:
        if must_run():
            pytest.fail(f"no real Kafka on this machine: {missing}")
        pytest.skip(f"no real Kafka on this machine: {missing}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes long where several processes share the files; one process begins with what is quick."""
    if hasattr(config, "workerinput"):
        items[:] = long_first(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skip is a failure, but for data and a library that a checkout may stand without."""
    report = yield
    may_skip = any(item.get_closest_marker(marker) for marker in ("real_data", "spacy"))
    if report.skipped and must_run() and not may_skip and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report
