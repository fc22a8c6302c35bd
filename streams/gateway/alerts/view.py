"""Reads alerts within the rights of a request: lists, one alert, and the coverages of a story."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson

from streams.archive.alerts.archive import AlertArchive
from streams.gateway.alerts.feed import AlertFeed
from streams.gateway.auth.access import Access
from streams.gateway.http.problem import Problem


@dataclass(frozen=True, slots=True)
class AlertView:
    """Alerts that a request may read; shared by the API and the desk."""

    feed: AlertFeed
    retry_after: int

    def archive(self) -> AlertArchive:
        """Return the projection; raises a 503 before the gateway has read the alerts."""
        if not self.feed.caught_up.is_set():
            detail = "the gateway has not read yet what the log of alerts held when it began"
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": str(self.retry_after)})
        return self.feed.archive

    async def revisions(self, access: Access, alert_id: str) -> Sequence[bytes]:
        """Return an alert's revisions, newest first; raises a 404 for one that is unknown or may not be read."""
        coverage, values = await self.archive().revisions(alert_id)
        if coverage is None or not access.may_read(coverage):
            raise Problem(HTTPStatus.NOT_FOUND, f"no alert {alert_id[:100]!r}")
        return values

    async def may_read_story(self, access: Access, story_id: str) -> bool:
        """Say whether a story may be read: it must have had an alert in a readable coverage, unless all may be read."""
        if not access.coverages:
            return True
        return any(access.may_read(coverage) for coverage in await self.archive().coverages_of(story_id))


def ids_of(values: Sequence[bytes]) -> list[str]:
    """Return the ids of alerts."""
    alerts: list[dict[str, Any]] = [orjson.loads(value) for value in values]
    return [alert["alert_id"] for alert in alerts]
