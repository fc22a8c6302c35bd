"""An alert's next revision, made from what is remembered of the alert."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from schemas.alert import Alert, AlertChange, AlertLinks, AlertSubject, Cause, HeldBack, Insistence
from schemas.entry import CoverageId, EntryId, SourceId
from streams.alerts.cel import OnlyId, Reading
from streams.alerts.title import one_line

if TYPE_CHECKING:
    from schemas.entry import Entry
    from schemas.newsroom import Coverage, Source
    from streams.alerts.compiled import CompiledRule
    from streams.alerts.state import AlertState, RuleState, SubjectKey

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "liveline:alert")
_NO_URGENCY: Final = 5
_LONGEST_HEADLINE_CHARS: Final = 120
GONE: Final = frozenset({AlertChange.WITHDRAWN, AlertChange.LAPSED, AlertChange.ENDED})


def alert_id(rule_id: str, subject: "SubjectKey", entry_id: str, revision: int) -> str:
    """Return the id of the alert that a rule raises of a subject because of a revision."""
    return str(uuid5(_NAMESPACE, f"{rule_id}\n{subject.kind}:{subject.id}\n{entry_id}:{revision}"))


@dataclass(slots=True)
class Scene:
    """One rule over one coverage: what all its revisions have in common, and where they go."""

    compiled: "CompiledRule"
    coverage: "Coverage | OnlyId"
    sources: dict[str, "Source"]
    state: "RuleState"
    public_url: str | None = None
    out: list[Alert] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    insists: dict[tuple[str, int], Insistence] = field(default_factory=dict)
    """Of alert and revision: why it is told although the alert was acknowledged or muted."""

    def reading(self, entry: "Entry | None", source_id: str = "") -> Reading:
        """Return an entry as conditions and titles see it."""
        source = entry.source_id if entry else source_id
        return Reading(entry, self.coverage, self.sources.get(source) or OnlyId(source))

    def revise(  # noqa: PLR0913  (all that differs from revision to revision)
        self,
        alert: "AlertState",
        change: AlertChange,
        at: datetime,
        held_back: HeldBack | None,
        *,
        title: str,
        reason: str,
        entry: "Entry | None",
        urgency: int | None = None,
        insists: Insistence | None = None,
    ) -> None:
        """Yield the alert's next revision; what nobody is told does not change what was told."""
        alert.revision += 1
        alert.title, alert.reason = title, reason
        rule = self.compiled.rule
        if held_back is None:
            alert.told_at = at
            if insists := Insistence.WITHDRAWAL if change is AlertChange.WITHDRAWN else insists:
                self.insists[alert.alert_id, alert.revision] = insists
            if change not in GONE and entry is not None:
                alert.told_entry = entry
        if change in GONE:
            del self.state.alerts[alert.alert_id]
            if self.state.current.get(alert.subject) == alert.alert_id:
                del self.state.current[alert.subject]
        self.state.changed = True
        self.out.append(
            Alert(
                alert_id=alert.alert_id,
                revision=alert.revision,
                change=change,
                notify=held_back is None,
                held_back=held_back,
                rule_id=rule.id,
                rule_version=self.compiled.version,
                coverage_id=CoverageId(self.coverage.id),
                subject=AlertSubject(kind=alert.subject.kind, id=alert.subject.id),
                at=at,
                title=one_line(title),
                reason=one_line(reason),
                urgency=rule.urgency or urgency or _NO_URGENCY,
                causes=tuple(
                    Cause(entry_id=EntryId(cause), revision=revision) for cause, revision in alert.causes.items()
                ),
                sources=tuple(map(SourceId, alert.sources)),
                entry=entry,
                links=self._links(alert, entry),
            )
        )

    def title_of(self, entry: "Entry | None", otherwise: str, source_id: str = "") -> str:
        """Return the rule's title for an entry, or another one if the rule has none."""
        title = self.compiled.title
        return (title.of(self.reading(entry, source_id)) if title else "") or otherwise

    @property
    def coverage_name(self) -> str:
        """What a person calls the coverage."""
        return getattr(self.coverage, "title", None) or self.coverage.id

    def headline(self, entry: "Entry") -> str:
        """Return a line that says what an entry is about."""
        said = entry.headline or (entry.body_text or "").strip().partition("\n")[0] or f"an update of {entry.source_id}"
        if len(said) > _LONGEST_HEADLINE_CHARS:
            said = f"{said[: _LONGEST_HEADLINE_CHARS - 1]}…"
        return f"{self.coverage_name}: {said}"

    def _links(self, alert: "AlertState", entry: "Entry | None") -> AlertLinks | None:
        if not self.public_url:
            return None
        base = self.public_url.rstrip("/")
        page = f"{base}/coverages/{quote(self.coverage.id, safe='')}"
        return AlertLinks(
            page=page, entry=f"{page}#{entry.entry_id}" if entry else None, desk=f"{base}/desk#{alert.alert_id}"
        )
