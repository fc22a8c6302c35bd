"""Stands in for the subscriber where hubs cannot reach us."""

import structlog

from streams.ingest.websub.discovery import Hub


class Unsubscribed:
    """Subscribes to nothing, and logs once which setting that would need."""

    def __init__(self, missing: str, log: structlog.stdlib.BoundLogger) -> None:
        """Take the setting whose absence is the reason."""
        self._missing = missing
        self._log = log
        self._said = False

    def found(self, source_id: str, hub: Hub | None) -> None:
        """Log that a hub is not used, the first time that a source names one."""
        if hub is not None and not self._said:
            self._said = True
            self._log.info("websub.not_subscribed", source=source_id, hub=hub.hub, not_set=self._missing)

    def is_active(self, source_id: str) -> bool:  # noqa: ARG002
        """Return False: no hub delivers updates."""
        return False
