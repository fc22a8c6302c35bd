"""Acknowledgements and mutes: an alert that they cover is sent again only if it insists."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from schemas.alert import Alert, SubjectKind
from streams.archive.state import Mute, MuteKind


@dataclass(frozen=True, slots=True)
class Silence:
    """The alerts that were acknowledged, and the coverages and stories that are muted now."""

    acknowledged: Collection[str] = frozenset()
    coverages: Collection[str] = frozenset()
    stories: Collection[str] = frozenset()

    @classmethod
    def of(cls, acknowledged: Collection[str], mutes: Iterable[Mute]) -> "Silence":
        """Return what acknowledgements and mutes say."""
        mutes = tuple(mutes)
        return cls(
            frozenset(acknowledged),
            frozenset(mute.subject for mute in mutes if mute.kind is MuteKind.COVERAGE),
            frozenset(mute.subject for mute in mutes if mute.kind is MuteKind.STORY),
        )

    def covers(self, alert: Alert) -> bool:
        """Return whether an alert is not sent, unless it insists."""
        story = alert.subject.id if alert.subject.kind is SubjectKind.STORY else alert.entry and alert.entry.story_id
        return alert.alert_id in self.acknowledged or alert.coverage_id in self.coverages or story in self.stories
