"""Why a rule raised an alert: its condition with the values that met it, on one line."""

from typing import TYPE_CHECKING, Final

from streams.alerts.title import span, written

if TYPE_CHECKING:
    from schemas.entry import Entry
    from streams.alerts.revise import Scene

_LONGEST_VALUE_CHARS: Final = 60


def reason_of(scene: "Scene", entry: "Entry", causes: int) -> str:
    """Return the condition with the values of an entry that it read, and how many met it."""
    rule, when = scene.compiled.rule, scene.compiled.when
    if when is None:
        return ""
    values = "; ".join(f"{name}: {_short(value)}" for name, value in when.shown(scene.reading(entry)))
    reason = f"{when.text} ({values})" if values else when.text
    if rule.count is not None:
        wanted = rule.count.sources or rule.count.entries
        what = "sources" if rule.count.sources else "entries"
        reason = f"{wanted} {what} within {span(rule.count.within)}, {causes} standing: {reason}"
    return reason


def _short(value: object) -> str:
    text = " ".join(written(value).split()) or "absent"
    return text if len(text) <= _LONGEST_VALUE_CHARS else f"{text[: _LONGEST_VALUE_CHARS - 1]}…"
