"""An alert: what an editor is told, once, with the reason."""

from pydantic import Field

from schemas.entry import SCHEMA_VERSION, CoverageId, Entry, EntryId
from schemas.model import Model, UtcTime, absent


class Alert(Model):
    """Something that matters, found by a rule."""

    alert_id: str = Field(description="The same for the same rule and revision.")
    rule_id: str
    raised_at: UtcTime
    coverage_id: CoverageId
    entry_id: EntryId | None = absent("The entry that raised it; absent when silence did.")
    revision: int | None = absent("Its revision.")
    reason: str = Field(description="Why the rule fired, for a person.")
    urgency: int | None = absent("1 to 9; IPTC: 1 is most urgent.", ge=1, le=9)
    entry: Entry | None = absent("The entry as it stood.")
    schema_version: str = Field(default=SCHEMA_VERSION)
