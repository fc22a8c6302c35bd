"""`liveline.yaml` read again while a process runs: it takes effect whole, or not at all."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from streams.bootstrap.reload import Reload
from streams.exceptions import LivelineError
from streams.settings import Settings, load_settings

BEFORE = "coverages:\n  - id: fire\n    sources:\n      - id: post\n"
AFTER = BEFORE + "      - id: wire\n"
WRONG = "coverages:\n  - id: fire\n    sauces: []\n"


class NotNow(LivelineError):  # noqa: N818  (a state of the part)
    """The part can't take it now."""


class Noted:
    """A part that notes what it takes, and refuses while it is told to."""

    def __init__(self) -> None:
        """Refuse nothing at first."""
        self.taken: list[list[str]] = []
        self.refuses = False
        self.breaks = False

    async def check(self, settings: Settings) -> None:  # noqa: ARG002
        """Refuse it, or not."""
        if self.refuses:
            raise NotNow("not now")

    async def take(self, settings: Settings) -> None:
        """Note the sources."""
        if self.breaks:
            raise RuntimeError("a bug")
        self.taken.append([source.id for coverage in settings.newsroom.coverages for source in coverage.sources])


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a newsroom's file that the settings name."""
    path = tmp_path / "liveline.yaml"
    path.write_text(BEFORE)
    monkeypatch.setenv("LIVELINE_CONFIG", str(path))
    return path


def write(file: Path, text: str) -> None:
    """Write a file as an editor does."""
    file.write_text(text)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.02)


def counted(registry: CollectorRegistry, result: str) -> float:
    """Return how many reloads had a result."""
    return registry.get_sample_value("liveline_config_reloads_total", {"result": result}) or 0.0


def in_force(registry: CollectorRegistry) -> float | None:
    """Return the gauge."""
    return registry.get_sample_value("liveline_config_in_force")


async def test_a_file_that_changed_is_taken_without_a_word_from_anyone(file: Path) -> None:
    """The parts get it once, and the log names what was added."""
    part, registry = Noted(), CollectorRegistry()
    with capture_logs() as logs:
        async with Reload(load_settings(), registry, [part]):
            write(file, AFTER)
            await until(lambda: counted(registry, "applied") == 1)

    assert part.taken == [["post", "wire"]]
    assert [each["sources_added"] for each in logs if each["event"] == "config.applied"] == [["wire"]]


async def test_sighup_reads_a_file_that_looks_the_same(file: Path) -> None:
    """Nothing is exchanged then, and the metric says that the signal came."""
    part, registry = Noted(), CollectorRegistry()
    async with Reload(load_settings(), registry, [part]):
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: counted(registry, "unchanged") == 1)

    assert part.taken == []


async def test_a_wrong_file_is_refused_in_the_words_of_the_check_and_the_old_one_stays(file: Path) -> None:
    """What is wrong is named with its line; a right file after it is taken."""
    part, registry = Noted(), CollectorRegistry()
    with capture_logs() as logs:
        async with Reload(load_settings(), registry, [part]) as reload:
            write(file, WRONG)
            await reload.reload()
            assert (counted(registry, "refused"), in_force(registry), part.taken) == (1, 0, [])
            write(file, AFTER)
            await reload.reload()

    assert [each["error"] for each in logs if each["event"] == "config.refused"] == [
        f"{file}:3: coverages.0.sauces: is no setting; did you mean sources? (see docs/configuration.md)"
    ]
    assert (in_force(registry), part.taken) == (1, [["post", "wire"]])


@pytest.mark.parametrize("change", ["gone", "format", "empty"])
async def test_a_file_that_is_gone_or_empty_or_names_no_format_is_refused(
    file: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a file every coverage would be public, and an empty one is there while an editor writes."""
    monkeypatch.chdir(file.parent)
    monkeypatch.delenv("LIVELINE_CONFIG")
    part, registry = Noted(), CollectorRegistry()
    reload = Reload(load_settings(), registry, [part])
    if change == "gone":
        await asyncio.to_thread(file.unlink)
    elif change == "empty":
        write(file, "")
    else:
        write(file, BEFORE + "        format: no-such-format\n")

    with capture_logs() as logs:
        await reload.reload()

    assert (counted(registry, "refused"), part.taken) == (1, [])
    assert {"gone": "is gone", "empty": "says nothing", "format": "no-such-format"}[change] in logs[0]["error"]


async def test_one_part_that_refuses_keeps_all_from_going_on(file: Path) -> None:
    """All are asked before any is told; once it may be taken it is, without another write."""
    first, second, registry = Noted(), Noted(), CollectorRegistry()
    second.refuses = True
    async with Reload(load_settings(), registry, [first, second]):
        write(file, AFTER)
        await until(lambda: counted(registry, "refused") == 1)
        assert (first.taken, second.taken, in_force(registry)) == ([], [], 0)
        second.refuses = False
        await until(lambda: counted(registry, "applied") == 1)

    assert (first.taken, second.taken, in_force(registry)) == ([["post", "wire"]], [["post", "wire"]], 1)


async def test_a_bug_in_taking_it_up_is_told_and_tried_again_when_asked(file: Path) -> None:
    """The process goes on, and the metric says that a person must look."""
    part, registry = Noted(), CollectorRegistry()
    part.breaks = True
    reload = Reload(load_settings(), registry, [part])
    write(file, AFTER)
    await reload.reload()
    assert (counted(registry, "failed"), in_force(registry)) == (1, 0)

    part.breaks = False
    await reload.reload()

    assert (part.taken, in_force(registry)) == ([["post", "wire"]], 1)
