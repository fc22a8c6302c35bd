"""What the deduplication remembers, and how alike two texts must be."""

from datetime import timedelta

from pydantic import BaseModel, Field

from streams.settings.values import Duration


class DedupeSettings(BaseModel):
    """How long things are remembered, and the thresholds of the same news."""

    dedupe_quiet: Duration = Field(
        timedelta(hours=48),
        description="Of a coverage without a document for so long only skeletons are kept: its page goes on where it "
        "stopped, but edits no longer say what changed. The same on all workers, as the other `DEDUPE` settings.",
        ge=timedelta(minutes=1),
    )
    dedupe_kept: Duration = Field(
        timedelta(days=90),
        description="And after so long only how far back it reached: posts that are not newer, or have no time, are "
        "not published, for they may have been. At least `DEDUPE_QUIET`.",
        ge=timedelta(minutes=1),
    )
    dedupe_retraction_kept: Duration = Field(
        timedelta(hours=24),
        description="A retraction stands so long on the compacted topic before a tombstone ends it.",
        ge=timedelta(0),
    )
    dedupe_missing_snapshots: int = Field(
        2, description="A `complete` source's post is gone once so many snapshots in a row do not show it.", ge=1
    )
    dedupe_enough_short: float = Field(
        0.85,
        description="How much of a short text (up to 8 meaningful words) another must hold to tell the same news; "
        "`docs/deduplication.md` has the curve. Facts that differ part two texts whatever this says.",
        ge=0,
        le=1,
    )
    dedupe_enough_middle: float = Field(0.75, description="The same for texts of 9 to 19 words.", ge=0, le=1)
    dedupe_enough_long: float = Field(0.65, description="The same for longer ones.", ge=0, le=1)
