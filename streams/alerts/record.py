"""The form of the records in which rules remember: a version byte, then JSON without names."""

from datetime import datetime
from typing import Any, Final

import orjson

from schemas.alert import SubjectKind
from schemas.entry import Entry
from streams.alerts.state import (
    AlertState,
    Heard,
    KnownEntry,
    NewEntry,
    Pending,
    RuleState,
    SignOfLife,
    SubjectKey,
)
from streams.exceptions import NewerMemoryError

VERSION: Final = b"\x01"


class Record:
    """A record's bytes."""

    @staticmethod
    def pack(values: list[Any]) -> bytes:
        """Return values as bytes."""
        return VERSION + orjson.dumps(values)

    @staticmethod
    def unpack(value: bytes) -> list[Any]:
        """Return what `pack` was given, times as text; raises `NewerMemoryError` for a form that is not ours."""
        if value[:1] != VERSION:
            raise NewerMemoryError(
                f"the rules' memory has a record of version {value[0] if value else 'none'}, this Liveline knows "
                f"{VERSION[0]}: run the newer version that wrote it"
            )
        found: list[Any] = orjson.loads(value[1:])
        return found


def write_entry(known: KnownEntry) -> bytes:
    """Return the record of an entry that met the condition."""
    return Record.pack(
        [
            *known.subject,
            known.bound,
            known.first,
            known.counts,
            known.fresh,
            known.duplicate,
            known.duplicate_since,
            known.source_id,
            known.revision,
            _written(known.entry),
            known.digest,
            known.figures,
            known.correction,
            [[*heard] for heard in known.heard],
            known.touched,
            known.order,
        ]
    )


def read_entry(entry_id: str, found: list[Any]) -> KnownEntry:
    """Return the entry of a record."""
    return KnownEntry(
        entry_id=entry_id,
        subject=_subject(found[:2]),
        bound=found[2],
        first=_time(found[3]),
        counts=found[4],
        fresh=found[5],
        duplicate=found[6],
        duplicate_since=_time(found[7]),
        source_id=found[8],
        revision=found[9],
        entry=_entry(found[10]),
        digest=found[11],
        figures=found[12],
        correction=found[13],
        heard=[Heard(source, datetime.fromisoformat(since), by) for source, since, by in found[14]],
        touched=found[15],
        order=found[16],
    )


def write_state(state: RuleState) -> bytes:
    """Return the record of what a rule remembers beside single entries."""
    return Record.pack(
        [
            state.version,
            state.kind,
            state.sequence,
            [_alert(alert) for alert in state.alerts.values()],
            [[*subject, alert] for subject, alert in state.current.items()],
            [[*p.subject, p.due, p.last_match, [*p.raisers.items()], p.causes] for p in state.pending.values()],
            [[new.at, new.entry_id, new.revision, new.source_id] for new in state.new],
            [[source, sign.at, sign.entry_id, sign.revision] for source, sign in state.signs.items()],
        ]
    )


def read_state(state: RuleState, found: list[Any]) -> None:
    """Put a record's values in place of what is remembered."""
    state.version, state.kind, state.sequence = found[:3]
    state.alerts = {alert[0]: _read_alert(alert) for alert in found[3]}
    state.by_cause = {}
    for alert in state.alerts.values():
        for entry_id in alert.standing:
            state.by_cause.setdefault(entry_id, []).append(alert)
    state.current = {_subject(each): each[2] for each in found[4]}
    state.pending = {
        _subject(each): Pending(
            subject=_subject(each),
            due=datetime.fromisoformat(each[2]),
            last_match=datetime.fromisoformat(each[3]),
            raisers=dict(each[4]),
            causes=each[5],
        )
        for each in found[5]
    }
    state.new = [NewEntry(datetime.fromisoformat(at), *rest) for at, *rest in found[6]]
    state.signs = {source: SignOfLife(datetime.fromisoformat(at), *rest) for source, at, *rest in found[7]}


def _alert(alert: AlertState) -> list[Any]:
    return [
        alert.alert_id,
        *alert.subject,
        alert.raiser,
        alert.raised_at,
        alert.last_match,
        alert.revision,
        [[cause, revision] for cause, revision in alert.causes.items()],
        sorted(alert.standing),
        alert.sources,
        alert.told_at,
        alert.told_figures,
        _written(alert.told_entry),
        alert.title,
        alert.reason,
    ]


def _read_alert(found: list[Any]) -> AlertState:
    return AlertState(
        alert_id=found[0],
        subject=_subject(found[1:]),
        raiser=found[3],
        raised_at=datetime.fromisoformat(found[4]),
        last_match=datetime.fromisoformat(found[5]),
        revision=found[6],
        causes=dict(found[7]),
        standing=set(found[8]),
        sources=found[9],
        told_at=_time(found[10]),
        told_figures=found[11],
        told_entry=_entry(found[12]),
        title=found[13],
        reason=found[14],
    )


def _subject(found: list[Any]) -> SubjectKey:
    return SubjectKey(SubjectKind(found[0]), found[1])


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value is not None else None


def _written(entry: Entry | None) -> str | None:
    return entry.model_dump_json() if entry is not None else None


def _entry(value: str | None) -> Entry | None:
    return Entry.from_json(value) if value is not None else None
