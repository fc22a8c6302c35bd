"""What stands in for a subscriber where hubs could not reach us."""

import structlog

from streams.ingest.websub.discovery import Hub


class Unsubscribed:
    """Subscribes to nothing, and says once what is missing for it."""

    def __init__(self, missing: str, log: structlog.stdlib.BoundLogger) -> None:
        """Take the setting whose absence is the reason."""
        self._missing = missing
        self._log = log
        self._said = False

    def found(self, source_id: str, hub: Hub | None) -> None:
        """Say that a hub is left aside, the first time there is one."""
        if hub is not None and not self._said:
            self._said = True
            self._log.info("websub.not_subscribed", source=source_id, hub=hub.hub, not_set=self._missing)

    def is_active(self, source_id: str) -> bool:  # noqa: ARG002
        """Say that no hub tells what is new."""
        return False
