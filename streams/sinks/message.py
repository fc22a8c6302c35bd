"""A message to a sink: a title, and a body as plain text and as HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from schemas.alert import Alert
from streams.alerts.title import one_line
from streams.sinks.changes import changes

_URGENT: Final = 2
IN_DOUBT: Final = "It may have come before: Liveline was stopped while it was sent, or the sink did not answer."


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    title: str
    text: str
    html: str
    urgent: bool
    """Whether an alert in it has an urgency of 1 or 2."""
    lines: tuple[str, ...]
    """A line an alert, for a terminal."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One alert of a message: its newest revision, with what it did before that in the same message."""

    title: str
    facts: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]
    ids: str


def message_of(told: Sequence[Alert], before: Mapping[str, Alert] | None = None, *, in_doubt: bool = False) -> Message:
    """Return the message that tells of alert revisions, given in their order.

    `before` is what the sink was told last of each alert. Rules that speak of one entry are named together; of each
    alert the newest revision is told, with what it did before.
    """
    newest = {alert.alert_id: alert for alert in told}
    alerts = list(newest.values())
    parts = [_part(alert, [each for each in told if each.alert_id == alert.alert_id], before or {}) for alert in alerts]
    parts = _together(alerts, parts)
    first = alerts[0]
    title = first.title if len(parts) == 1 else f"{len(parts)} alerts: {first.title}"
    note = (IN_DOUBT,) if in_doubt else ()
    return Message(
        one_line(title),
        "\n\n".join((*map(_text, parts), *note)) + "\n",
        "\n".join((*map(_html, parts), *(f"<p><em>{escape(each)}</em></p>" for each in note))),
        any(alert.urgency <= _URGENT for alert in alerts),
        _lines(alerts),
    )


def trial_message(sink: str) -> Message:
    """Return the message that shows whether a sink can be reached."""
    title = f"Liveline can reach the sink {sink}"
    text = "Somebody asked for this message by `liveline alerts send-test`; nothing has happened."
    return Message(title, f"{text}\n", f"<p>{escape(text)}</p>", urgent=False, lines=(f"{title}. {text}",))


def _lines(alerts: Sequence[Alert]) -> tuple[str, ...]:
    rules: dict[str, list[str]] = {}
    for alert in alerts:
        said = f"{alert.at:%H:%M:%S}  {alert.change}, urgency {alert.urgency}: {alert.title}"
        rules.setdefault(said, []).append(alert.rule_id)
    return tuple(f"{said}  [{', '.join(ids)}]" for said, ids in rules.items())


def _part(alert: Alert, revisions: Sequence[Alert], before: Mapping[str, Alert]) -> _Part:
    facts = [("Why", f"{alert.reason} (rule {alert.rule_id})")]
    earlier = before.get(alert.alert_id)
    changed = changes(earlier, alert)
    if earlier is not None and changed:
        facts.append((f"Since {earlier.at:%H:%M} UTC", "; ".join(changed)))
    if len(revisions) > 1:
        facts.append(("Meanwhile", ", ".join(f"{each.change} at {each.at:%H:%M} UTC" for each in revisions)))
    if alert.sources:
        facts.append(("Sources", ", ".join(alert.sources)))
    facts.append(("Urgency", str(alert.urgency)))
    links = alert.links
    found = [] if links is None else [("The report", links.entry or links.page), ("At the desk", links.desk)]
    return _Part(
        alert.title,
        tuple(facts),
        tuple((name, url) for name, url in found if url),
        f"alert {alert.alert_id}, revision {alert.revision}, {alert.at:%Y-%m-%d %H:%M:%S} UTC",
    )


def _together(alerts: Sequence[Alert], parts: Sequence[_Part]) -> list[_Part]:
    """Name the rules that say the same of one entry in one part."""
    groups: dict[tuple[str, int, str] | int, list[_Part]] = {}
    for number, (alert, part) in enumerate(zip(alerts, parts, strict=True)):
        entry = alert.entry
        key = (entry.entry_id, entry.revision, part.title) if entry is not None else number
        groups.setdefault(key, []).append(part)
    return [
        _Part(
            group[0].title,
            tuple(dict.fromkeys(fact for part in group for fact in part.facts)),
            tuple(dict.fromkeys(link for part in group for link in part.links)),
            "\n".join(part.ids for part in group),
        )
        for group in groups.values()
    ]


def _text(part: _Part) -> str:
    lines = [part.title, ""]
    lines += [f"{name}: {fact}" for name, fact in part.facts]
    lines += [f"{name}: {url}" for name, url in part.links]
    return "\n".join([*lines, part.ids])


def _html(part: _Part) -> str:
    facts = "".join(f"<li>{escape(name)}: {escape(fact)}</li>" for name, fact in part.facts)
    links = " · ".join(f'<a href="{escape(url)}">{escape(name)}</a>' for name, url in part.links)
    ids = "<br>".join(map(escape, part.ids.split("\n")))
    return f"<h3>{escape(part.title)}</h3>\n<ul>{facts}</ul>\n<p>{links}</p>\n<p><small>{ids}</small></p>"
