"""`liveline.yaml` is read again at SIGHUP and when the file has changed; it takes effect whole, or not at all."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, Protocol, Self

import structlog
from prometheus_client import CollectorRegistry

from streams.bootstrap.newsroom_check import format_problems
from streams.exceptions import LivelineError, SettingsError
from streams.settings import Settings
from streams.settings.newsroom_changes import newsroom_changes
from streams.settings.reload import reload_settings
from streams.telemetry.reload_metrics import ReloadMetrics

log = structlog.get_logger("liveline")

_LOOK_SECONDS: Final = 1.0
"""Between two looks at the file. It is read once it looks the same twice: an editor may be in the middle of it."""

_Look = tuple[int, int, int] | None


def outlive_hangups() -> None:
    """Have a SIGHUP that comes before the newsroom is watched end nothing; the file is read again then anyway.

    At a terminal it ends the process as ever: there it means that the terminal was closed.
    """
    if not os.isatty(0):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


class Part(Protocol):
    """What goes on by other settings while it runs."""

    async def check(self, settings: Settings) -> None:
        """Raise `LivelineError` if these can't be taken; nothing is changed yet."""

    async def take(self, settings: Settings) -> None:
        """Go on by these, which were checked."""


class Reload:
    """Watches a process's newsroom; `async with` starts and ends it."""

    def __init__(self, settings: Settings, registry: CollectorRegistry, parts: Sequence[Part]) -> None:
        """Take what is in force, and what is to go on by something else, in the order in which it is told."""
        self._settings = settings
        self._parts = parts
        self._metrics = ReloadMetrics(registry)
        self._seen = _look(settings.config)
        self._read: _Look | Literal["never"] = "never"
        """As it looked when it was read. It is, once, without a change: it may have had one while the process began."""
        self._asked = asyncio.Event()
        self._refusal = ""
        """Why what was read last is not taken."""
        self._held_back = False
        """The file is right and may not be taken now: it is tried again at each look."""
        self._terminal = os.isatty(0)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to watch."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._signalled)
        self._task = asyncio.create_task(self._run(), name="config-reload")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Watch no more; from here on SIGHUP does nothing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def reload(self, *, quietly: bool = False) -> None:
        """Read the file and go on by it; if it is wrong, the former one stays in force. It never raises.

        `quietly`: nobody asked, so that nothing is said of what is as it was.
        """
        try:
            settings = await asyncio.to_thread(_checked, self._settings)
            for part in self._parts:
                await part.check(settings)
        except LivelineError as error:
            # What is written wrongly stays so until somebody writes again.
            self._held_back = not isinstance(error, SettingsError)
            self._refused(error, quietly=quietly)
            return
        except Exception as error:  # noqa: BLE001  (a bug of a check ends no process)
            self._failed(error)
            return
        self._refusal = ""
        await self._take(settings, quietly=quietly)

    async def _take(self, settings: Settings, *, quietly: bool) -> None:
        changes = newsroom_changes(self._settings.newsroom, settings.newsroom)
        secrets = sum(getattr(self._settings, name) != getattr(settings, name) for name in _SECRETS)
        self._held_back = False
        if not changes and not secrets and self._settings.has_newsroom == settings.has_newsroom:
            self._metrics.in_force.set(1)
            if not quietly:
                self._metrics.reloads.labels("unchanged").inc()
                log.info("config.unchanged", file=str(settings.config))
            return
        try:
            for part in self._parts:
                await part.take(settings)
        except Exception as error:  # noqa: BLE001  (one part may go on by the new one: a restart makes them one again)
            self._failed(error)
            return
        self._settings = settings
        self._metrics.in_force.set(1)
        self._metrics.reloads.labels("applied").inc()
        log.info("config.applied", file=str(settings.config), secrets_changed=bool(secrets), **changes)

    def _refused(self, error: LivelineError, *, quietly: bool) -> None:
        self._metrics.in_force.set(0)
        before, self._refusal = self._refusal, str(error)
        if not quietly or self._refusal != before:
            self._metrics.reloads.labels("refused").inc()
            for line in str(error).splitlines():
                log.error("config.refused", error=line, in_force="the configuration before it")

    def _failed(self, error: Exception) -> None:
        self._metrics.in_force.set(0)
        self._metrics.reloads.labels("failed").inc()
        log.error("config.reload_failed", exc_info=error)

    def _signalled(self) -> None:
        if self._terminal and not os.isatty(0):  # it was closed: that is the end, as for any command
            signal.raise_signal(signal.SIGTERM)
        self._asked.set()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._asked.wait()
            now = await asyncio.to_thread(_look, self._settings.config)
            if self._asked.is_set():
                self._asked.clear()
                self._read = self._seen = now
                await self.reload()
            elif now != self._seen:
                self._seen = now
            elif now != self._read:
                first, self._read = self._read == "never", now
                await self.reload(quietly=first)
            elif self._held_back:
                await self.reload(quietly=True)


_SECRETS: Final = ("tokens", "webhook_secrets", "sink_addresses")


def _checked(settings: Settings) -> Settings:
    fresh = reload_settings(settings)
    if problems := list(format_problems(fresh)):
        raise SettingsError("\n".join(problems))
    return fresh


def _look(path: Path) -> _Look:
    """Return what changes when a file is written or another takes its place; None for no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
