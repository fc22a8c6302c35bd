"""Coverages and stories that nobody wants to be told of for a while."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Row, delete, select

from streams.archive.state.open import State
from streams.archive.state.tables import MUTES


class MuteKind(StrEnum):
    """What is muted."""

    COVERAGE = "coverage"
    STORY = "story"


@dataclass(frozen=True, slots=True)
class Mute:
    """A coverage or a story, muted until a time."""

    id: str
    kind: MuteKind
    subject: str
    """The coverage's or the story's id."""
    until: datetime
    created_at: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Mutes:
    """The mutes of a state database."""

    state: State

    def add(self, kind: MuteKind, subject: str, *, until: datetime, now: datetime, by: str | None = None) -> Mute:
        """Mute something; returns the mute with its id."""
        mute = Mute(uuid4().hex, kind, subject, until, now, by)
        with self.state.write() as connection:
            connection.execute(
                MUTES.insert().values(id=mute.id, kind=kind.value, subject=subject, until=until, created_at=now, by=by)
            )
        return mute

    def standing(self, now: datetime) -> list[Mute]:
        """Return what is muted now, the one that ends first at the front."""
        with self.state.read() as connection:
            rows = connection.execute(select(MUTES).where(MUTES.c.until > now).order_by(MUTES.c.until, MUTES.c.id))
            return [_mute(row) for row in rows]

    def get(self, mute_id: str) -> Mute | None:
        """Return a mute, whether it stands or is over, or None."""
        with self.state.read() as connection:
            row = connection.execute(select(MUTES).where(MUTES.c.id == mute_id)).one_or_none()
            return None if row is None else _mute(row)

    def end(self, mute_id: str) -> bool:
        """End a mute at once; says whether there was one."""
        with self.state.write() as connection:
            return connection.execute(delete(MUTES).where(MUTES.c.id == mute_id)).rowcount > 0


def _mute(row: Row[tuple[Any, ...]]) -> Mute:
    return Mute(row.id, MuteKind(row.kind), row.subject, row.until, row.created_at, row.by)
