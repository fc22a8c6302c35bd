"""Acknowledgements and mutes by editors, and outcomes of the sinks, from the state database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar

from schemas.mute import MuteRecord, NewMute
from streams.archive.state import (
    Acknowledgement,
    Acknowledgements,
    Mute,
    MuteKind,
    Mutes,
    SinkDeliveries,
    SinkDelivery,
    State,
    StateError,
)
from streams.archive.state.failed_sinks import FailedSink, failed_sinks
from streams.gateway.alerts.view import AlertView
from streams.gateway.api.open_state import OpenState
from streams.gateway.auth.access import Access
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.problem import Problem
from streams.runtime.clock import Clock

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class DeskState:
    """Acts on alerts within what a request may read; the same for the API and the desk."""

    state: OpenState | None
    """None: this process was given no state database."""
    view: AlertView
    known: KnownCoverages
    clock: Clock

    async def acknowledge(self, access: Access, alert_id: str) -> Acknowledgement:
        """Note who acknowledged an alert; the first one counts. Raises a 404 for an alert that may not be read."""
        await self.view.revisions(access, alert_id)
        new = Acknowledgement(alert_id, self._now(), access.subject)
        return await self._call(lambda state: Acknowledgements(state).add(new))

    async def take_back(self, access: Access, alert_id: str) -> None:
        """Forget an acknowledgement; raises a 404 where there is none."""
        await self.view.revisions(access, alert_id)
        if not await self._call(lambda state: Acknowledgements(state).remove(alert_id)):
            raise Problem(HTTPStatus.NOT_FOUND, f"alert {alert_id[:100]!r} is not acknowledged")

    async def mute(self, access: Access, new: NewMute) -> Mute:
        """Mute a coverage or a story; raises 403 or 404 where it may not be read, 409 for a time that is over."""
        now = self._now()
        if new.coverage is not None:
            self.known.allow(access, [new.coverage])
            kind, subject = MuteKind.COVERAGE, new.coverage
        else:
            kind, subject = MuteKind.STORY, new.story or ""
            if not await self.view.may_read_story(access, subject):
                raise Problem(HTTPStatus.NOT_FOUND, f"no alert speaks of story {subject[:100]!r}")
        if new.until <= now:
            raise Problem(HTTPStatus.CONFLICT, "until: found a time that is over; expected one to come")
        until = new.until.replace(microsecond=new.until.microsecond // 1000 * 1000)  # as it is kept
        return await self._call(lambda state: Mutes(state).add(kind, subject, until=until, now=now, by=access.subject))

    async def unmute(self, access: Access, mute_id: str) -> None:
        """End a mute at once; raises a 404 for one that is not there or may not be seen."""
        found = await self._call(lambda state: Mutes(state).get(mute_id))
        if found is None or not await self._may_see(access, found):
            raise Problem(HTTPStatus.NOT_FOUND, f"no mute {mute_id[:100]!r}")
        await self._call(lambda state: Mutes(state).end(mute_id))

    async def mutes(self, access: Access) -> list[Mute]:
        """Return what is muted now and may be seen, the one that ends first at the front."""
        now = self._now()
        standing = await self._call(lambda state: Mutes(state).standing(now))
        return [mute for mute in standing if await self._may_see(access, mute)]

    async def acknowledgements(self, alert_ids: Sequence[str]) -> Mapping[str, Acknowledgement]:
        """Return who acknowledged these alerts; empty while the state can't be used: alerts are shown anyway."""
        return await self._looked_up(lambda state: Acknowledgements(state).of(alert_ids), {})

    async def deliveries(self, alert_id: str) -> Sequence[SinkDelivery]:
        """Return what became of an alert at the sinks; nothing while the state can't be used."""
        return await self._looked_up(lambda state: SinkDeliveries(state).of_alert(alert_id), [])

    async def failed_sinks(self, since: datetime) -> Sequence[FailedSink]:
        """Return the sinks at which something failed; raises `StateError`."""
        return await self._call(lambda state: failed_sinks(state, since))

    async def _may_see(self, access: Access, mute: Mute) -> bool:
        if mute.kind is MuteKind.COVERAGE:
            return access.may_read(mute.subject)
        return await self.view.may_read_story(access, mute.subject)

    def _now(self) -> datetime:
        now = self.clock()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)  # as it is kept, and shown from then on

    async def _call(self, work: Callable[[State], Result]) -> Result:
        if self.state is None:
            detail = "this gateway was given no state database"
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"})
        return await self.state.ask(work)

    async def _looked_up(self, work: Callable[[State], Result], otherwise: Result) -> Result:
        if self.state is None:
            return otherwise
        try:
            return await self.state.call(work)
        except StateError as error:
            self.state.note(error)
            return otherwise


def record_of(mute: Mute) -> MuteRecord:
    """Return a mute as the API has it."""
    return MuteRecord(
        id=mute.id, until=mute.until, created_at=mute.created_at, by=mute.by,
        coverage=mute.subject if mute.kind is MuteKind.COVERAGE else None,
        story=mute.subject if mute.kind is MuteKind.STORY else None,
    )  # fmt: skip
