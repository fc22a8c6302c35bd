"""Forgets what is older than `LIVELINE_ARCHIVE_KEPT`, again and again while the gateway runs."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from streams.background import end_task
from streams.exceptions import LivelineError
from streams.gateway.alerts.feed import AlertFeed
from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.hub import Hub

_HOUR: Final = timedelta(hours=1)
_PARTS: Final = 10
"""What is kept for a short time is pruned more often than each hour."""


@dataclass(slots=True)
class Pruning:
    """A task that prunes the hub's archive, and the alerts'."""

    hub: Hub
    alerts: AlertFeed
    config: GatewayConfig
    _task: asyncio.Task[None] | None = field(default=None, init=False)

    async def start(self) -> None:
        """Begin, once the hub has caught up; without an age nothing is ever forgotten."""
        if self.config.archive_kept is not None:
            self._task = asyncio.create_task(self._run(self.config.archive_kept), name="archive-prune")

    async def stop(self) -> None:
        """End."""
        await end_task(self._task)

    async def _run(self, kept: timedelta) -> None:
        while True:
            await self.hub.caught_up.wait()
            before = self.config.clock() - kept
            try:
                entries = await self.hub.archive.prune(int(before.timestamp() * 1000))
                alerts = await self.alerts.archive.prune(before) if self.alerts.caught_up.is_set() else 0
            except (LivelineError, RuntimeError) as error:  # it may just be closed, to be built anew
                self.config.log.warning("archive.not_pruned", error=f"{type(error).__name__}: {error}")
            else:
                if entries or alerts:
                    self.config.log.info("archive.pruned", entries=entries, alerts=alerts, before=before.isoformat())
            await asyncio.sleep(min(_HOUR, kept / _PARTS).total_seconds())
