"""An alert: one rule speaking of one thing, raised once, then revised; what an editor is told, with the reason."""

from enum import StrEnum

from pydantic import Field

from schemas.entry import SCHEMA_VERSION, CoverageId, Entry, EntryId, SourceId
from schemas.model import Model, UtcTime, absent


class AlertChange(StrEnum):
    """What a revision of an alert did."""

    RAISED = "raised"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    ENDED = "ended"


class HeldBack(StrEnum):
    """Why nobody is told of a revision."""

    UNCHANGED = "unchanged"
    COOLDOWN = "cooldown"
    OLD = "old"
    OVER = "over"


class Insistence(StrEnum):
    """Why a revision is told although the alert was acknowledged or muted; a header of the record, no field."""

    WITHDRAWAL = "withdrawal"
    CORRECTION = "correction"
    URGENT = "urgent"
    RISES = "rises"


class SubjectKind(StrEnum):
    """What sort of thing a rule speaks of."""

    STORY = "story"
    COVERAGE = "coverage"
    ENTRY = "entry"
    SOURCE = "source"


class AlertSubject(Model):
    """What the alert speaks of."""

    kind: SubjectKind
    id: str


class Cause(Model):
    """A revision of an entry that met the rule's condition."""

    entry_id: EntryId
    revision: int = Field(ge=1)


class AlertLinks(Model):
    """Where to look, once `LIVELINE_PUBLIC_URL` is set."""

    page: str | None = absent("The coverage's live page.")
    entry: str | None = absent("The newest cause on it.")
    desk: str | None = absent("The alert on the editors' desk.")


class Alert(Model):
    """One revision of an alert."""

    alert_id: str = Field(description="UUIDv5 of rule, subject and raising revision: the same on a replay.")
    revision: int = Field(ge=1, description="From 1.")
    change: AlertChange = Field(
        description="`withdrawn`: its causes were retracted; `lapsed`: none meets the condition any more; "
        "`ended`: a silence or burst is over, or nothing matched for `over_after`."
    )
    notify: bool = Field(description="Whether anyone is to be told, by the rule alone.")
    held_back: HeldBack | None = absent("Why nobody is told.")
    rule_id: str
    rule_version: str = Field(description="A hash of the rule.")
    coverage_id: CoverageId
    subject: AlertSubject
    at: UtcTime = Field(description="`received_at` of the revision that led here, or when a time was complete.")
    title: str = Field(description="One line for a person.")
    reason: str = Field(description="The condition with the values that met it.")
    urgency: int = Field(ge=1, le=9, description="The rule's, else of the most urgent standing cause, else 5.")
    causes: tuple[Cause, ...] = absent("Oldest first.", default=())
    sources: tuple[SourceId, ...] = absent("The sources that report it.", default=())
    entry: Entry | None = absent("The newest cause as it stood; absent for a silence.")
    links: AlertLinks | None = absent("Where to look.")
    schema_version: str = Field(default=SCHEMA_VERSION)
