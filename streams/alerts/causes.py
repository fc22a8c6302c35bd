"""The causes of an alert: how they join, what is known of them, and how they leave."""

from datetime import datetime
from typing import TYPE_CHECKING

from schemas.alert import AlertChange, HeldBack, Insistence, SubjectKind
from schemas.alert_rule import Per
from schemas.entry import Change
from streams.alerts.reason import reason_of
from streams.alerts.revise import Scene
from streams.alerts.state import AlertState, Heard, KnownEntry, RuleState, SubjectKey
from streams.alerts.title import with_end

if TYPE_CHECKING:
    from schemas.entry import Entry


def subject_of(entry: "Entry", per: Per) -> SubjectKey:
    """Return what an alert about an entry speaks of; without a story it speaks of the entry."""
    if per is Per.COVERAGE:
        return SubjectKey(SubjectKind.COVERAGE, entry.coverage_id)
    if per is Per.STORY and entry.story_id:
        return SubjectKey(SubjectKind.STORY, entry.story_id)
    return SubjectKey(SubjectKind.ENTRY, entry.entry_id)


def compare(scene: Scene, known: KnownEntry, entry: "Entry") -> None:
    """Remember the values of a revision with which the next one is compared."""
    known.digest = scene.compiled.digest(entry)
    known.figures = scene.compiled.figures(entry)
    known.correction = entry.is_correction
    scene.state.entry_changed(known)


def take(scene: Scene, known: KnownEntry, entry: "Entry", at: datetime) -> None:
    """Remember a revision that meets the condition, and who reports it."""
    compare(scene, known, entry)
    known.entry = entry
    known.revision = entry.revision
    known.touched = scene.state.next_in_sequence()
    hear(scene.state, known, entry.source_id, at)
    for report in entry.sources:
        hear(scene.state, known, report.source_id, at, report.entry_id)


def hear(state: RuleState, known: KnownEntry, source_id: str, at: datetime, duplicate: str | None = None) -> None:
    """Remember since when a source reports an entry, and by which duplicate, if by one."""
    if all((heard.source_id, heard.duplicate) != (source_id, duplicate) for heard in known.heard):
        known.heard.append(Heard(source_id, at, duplicate))
        if duplicate is not None:
            state.first_of[duplicate] = known.entry_id


def part(state: RuleState, entry: "Entry") -> None:
    """Take back the report of a duplicate that is gone, tells other news now, or repeats another entry."""
    if entry.entry_id not in state.first_of:
        return
    first = state.entries.get(state.first_of[entry.entry_id])
    if first is None or (entry.duplicate_of == first.entry_id and entry.change is not Change.RETRACTED):
        return
    del state.first_of[entry.entry_id]
    first.heard = [heard for heard in first.heard if heard.duplicate != entry.entry_id]
    state.entry_changed(first)


def standing(scene: Scene, entry_id: str) -> list[AlertState]:
    """Return the alerts that an entry is a standing cause of, the oldest first."""
    return scene.state.by_cause.get(entry_id, [])


def add(scene: Scene, alert: AlertState, known: KnownEntry) -> None:
    """Make an entry a standing cause of an alert, or bring its newest revision."""
    alert.causes[known.entry_id] = known.revision
    scene.state.stand(alert, known.entry_id)
    alert.add_sources([heard.source_id for heard in known.heard])
    known.bound = True
    scene.state.entry_changed(known)


def newest(scene: Scene, alert: AlertState) -> KnownEntry | None:
    """Return the standing cause whose revision is the newest."""
    entries = scene.state.entries
    return max((entries[cause] for cause in alert.standing), key=lambda known: known.touched, default=None)


def urgency(scene: Scene, alert: AlertState) -> int | None:
    """Return the most urgent value of the standing causes."""
    entries = [scene.state.entries[cause].entry for cause in alert.standing]
    return min((entry.urgency for entry in entries if entry and entry.urgency), default=None)


def update(
    scene: Scene,
    alert: AlertState,
    at: datetime,
    held_back: HeldBack | None,
    changed: KnownEntry,
    insists: Insistence | None = None,
) -> None:
    """Yield a revision in which a cause joined or changed."""
    if held_back is None:
        alert.told_figures.update(changed.figures)
    _said(scene, alert, AlertChange.UPDATED, at, held_back, insists)


def raise_(
    scene: Scene,
    alert: AlertState,
    causes: list[KnownEntry],
    duplicates: list[str],
    insists: Insistence | None = None,
) -> None:
    """Yield the first revision of a new alert, with the sources of duplicates that counted."""
    scene.state.alerts[alert.alert_id] = alert
    scene.state.current[alert.subject] = alert.alert_id
    for known in causes:
        add(scene, alert, known)
    alert.add_sources(duplicates)
    told = any(known.fresh for known in causes)
    if told:
        for known in sorted(causes, key=lambda known: known.touched):
            alert.told_figures.update(known.figures)
    _said(scene, alert, AlertChange.RAISED, alert.raised_at, None if told else HeldBack.OLD, insists)


def leave(scene: Scene, known: KnownEntry, way: AlertChange, at: datetime, by: str, insists: Insistence | None) -> None:
    """Take an entry out of every alert that it is a standing cause of."""
    for alert in list(standing(scene, known.entry_id)):
        scene.state.fall(alert, known.entry_id)
        untold = None if alert.told else HeldBack.OLD
        if not alert.standing:
            verb = "withdrawn by" if way is AlertChange.WITHDRAWN else "no longer holds, after an edit by"
            entry = alert.told_entry or known.entry
            scene.revise(
                alert,
                way,
                at,
                untold,
                title=with_end(alert.title, f"{verb} {by}"),
                reason=f"{verb} {by}: {alert.reason}",
                entry=entry,
                insists=insists,
            )
        else:
            corrected = insists is Insistence.CORRECTION and known.fresh
            held_back = untold if corrected or alert.raiser == known.entry_id else HeldBack.UNCHANGED
            if held_back is None and (left := newest(scene, alert)) is not None:
                alert.told_figures.update(left.figures)
            _said(scene, alert, AlertChange.UPDATED, at, held_back, insists)


def release(scene: Scene, entry_id: str) -> None:
    """Let go of the text of an entry that no alert speaks of any more."""
    known = scene.state.entries[entry_id]
    waits = any(entry_id in pending.causes for pending in scene.state.pending.values())
    if known.entry is not None and not waits and not standing(scene, entry_id):
        known.entry = None
        scene.state.entry_changed(known)


def _said(
    scene: Scene,
    alert: AlertState,
    change: AlertChange,
    at: datetime,
    held_back: HeldBack | None,
    insists: Insistence | None,
) -> None:
    cause = newest(scene, alert)
    entry = cause.entry if cause else None
    scene.revise(
        alert,
        change,
        at,
        held_back,
        title=scene.title_of(entry, scene.headline(entry) if entry else alert.title),
        reason=reason_of(scene, entry, len(alert.standing)) if entry else alert.reason,
        entry=entry,
        urgency=urgency(scene, alert),
        insists=insists,
    )
