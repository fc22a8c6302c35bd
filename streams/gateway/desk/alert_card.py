"""An alert as an editor sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from schemas.alert import Alert, SubjectKind
from streams.archive.alerts.revision import OVER
from streams.archive.state import Acknowledgement, Mute, MuteKind, SinkDelivery
from streams.gateway.desk.forms import form
from streams.gateway.desk.markup import Child, Html, element, joined
from streams.gateway.desk.words import CHANGES, HELD_BACK, counted, name_of, time_element

_MOST_URGENT: Final = 2
_LONGEST_TEXT_CHARS: Final = 280
MUTED_FOR: Final = {"60": "1 hour", "240": "4 hours", "720": "12 hours", "1440": "1 day"}
"""Minutes to what they are called."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an alert's card needs beside the alert."""

    word: str
    """What the forms hold."""
    back: str
    titles: Mapping[str, str]
    """Of coverages."""
    seen: Mapping[str, Acknowledgement]
    mutes: Sequence[Mute]

    def title(self, coverage: str) -> str:
        """Return what a coverage is called."""
        return self.titles.get(coverage) or name_of(coverage)


def alert_card(alert: Alert, around: Surroundings, *, alone: bool = False) -> Html:
    """Return an alert with its forms; `alone`: on its own page, to which no link is needed."""
    seen = around.seen.get(alert.alert_id)
    muting = _muting(alert, around.mutes)
    over = alert.change in OVER
    classes = ["alert", *(["over"] if over else []), *(["seen"] if seen else []), *(["muted"] if muting else [])]
    if alert.urgency <= _MOST_URGENT and not over:
        classes.append("urgent")
    heading = alert.title if alone else element("a", alert.title, href=f"/desk/alerts/{quote(alert.alert_id)}")
    return element(
        "li" if not alone else "div",
        element("p", time_element(alert.at), class_="clock"),
        element(
            "div",
            _labels(alert, around),
            element("h2", heading),
            element("p", element("strong", "Why: "), alert.reason, class_="why"),
            _told(alert),
            _entry(alert),
            _sources(alert),
            element("p", f"Acknowledged by {seen.by or 'an editor'}, ", time_element(seen.at), class_="note")
            if seen
            else None,
            element("p", _muted_words(muting, around), time_element(muting.until, "day"), class_="note")
            if muting
            else None,
            _actions(alert, around, seen=seen is not None, muting=muting),
            class_="what",
        ),
        id=alert.alert_id,
        class_=" ".join(classes),
        data_notify="true" if alert.notify else "false",
    )


def history(revisions: Sequence[Alert], deliveries: Sequence[SinkDelivery]) -> Html:
    """Return what an alert did, newest first, and where it was sent."""
    steps = [
        element(
            "li",
            time_element(each.at, "day"),
            element("p", element("strong", CHANGES[each.change]), f" · {_told_words(each)}"),
            element("p", each.title, class_="soft"),
            element("p", f"Why: {each.reason}", class_="soft"),
        )
        for each in revisions
    ]
    sent = [
        element(
            "tr",
            element("th", each.sink, scope="row"),
            element("td", str(each.revision)),
            element("td", each.status.value),
            element("td", time_element(each.at, "day")),
            element("td", each.error or ""),
        )
        for each in deliveries
    ]
    head = element("tr", [element("th", name, scope="col") for name in ("Sink", "Revision", "Became", "When", "Error")])
    table = element("table", element("thead", head), element("tbody", sent))
    where = element("div", table, class_="wide", tabindex="0", role="region", aria_label="Where it was sent")
    return joined(
        element("h2", "What it did"),
        element("ol", steps, class_="steps"),
        element("h2", "Where it was sent"),
        where if sent else element("p", "To no sink, up to now.", class_="soft"),
    )


def _labels(alert: Alert, around: Surroundings) -> Html:
    kind = alert.change.value
    return element(
        "p",
        element(
            "span",
            f"Urgency {alert.urgency}",
            class_="label urgent" if alert.urgency <= _MOST_URGENT else "label plain",
        ),
        element("span", CHANGES[alert.change], class_=f"label {kind}") if kind != "raised" else None,
        element("span", around.title(alert.coverage_id), class_="source"),
        element("span", f"rule {alert.rule_id}"),
        class_="labels",
    )


def _told_words(alert: Alert) -> str:
    if alert.held_back is None:
        return "told"
    return f"nobody was told: {HELD_BACK[alert.held_back]} ({alert.held_back.value})"


def _told(alert: Alert) -> Html | None:
    if alert.held_back is None:
        return None
    return element(
        "p",
        element("strong", "Held back: "),
        f"{HELD_BACK[alert.held_back]} ",
        element("code", alert.held_back.value),
        class_="held",
    )


def _entry(alert: Alert) -> Html | None:
    entry = alert.entry
    if entry is None:
        return None
    text = entry.body_text or entry.summary or ""
    short = text if len(text) <= _LONGEST_TEXT_CHARS else text[:_LONGEST_TEXT_CHARS].rsplit(" ", 1)[0] + " …"
    place = f"/coverages/{quote(alert.coverage_id, safe='')}#e-{quote(entry.entry_id)}"
    return element(
        "blockquote",
        element("p", element("a", entry.headline, href=place), class_="headline") if entry.headline else None,
        element("p", short) if short else None,
        element("p", element("a", "See the update", href=place)) if not entry.headline else None,
    )


def _sources(alert: Alert) -> Html | None:
    if not alert.sources:
        return None
    reported = ", ".join(name_of(source) for source in alert.sources)
    causes = counted(len(alert.causes), "update", "updates")
    return element("p", f"Reported by {reported} · {causes}", class_="soft")


def _muting(alert: Alert, mutes: Sequence[Mute]) -> Mute | None:
    story = story_of(alert)
    for mute in mutes:
        if mute.subject == (alert.coverage_id if mute.kind is MuteKind.COVERAGE else story):
            return mute
    return None


def story_of(alert: Alert) -> str | None:
    """Return the story that an alert speaks of, or that its entry belongs to."""
    if alert.subject.kind is SubjectKind.STORY:
        return alert.subject.id
    return alert.entry.story_id if alert.entry else None


def _muted_words(mute: Mute, around: Surroundings) -> str:
    what = around.title(mute.subject) if mute.kind is MuteKind.COVERAGE else "This story"
    return f"{what} is muted by {mute.by or 'an editor'} until "


def _actions(alert: Alert, around: Surroundings, *, seen: bool, muting: Mute | None) -> Html:
    back = f"{around.back}#{alert.alert_id}"
    about = element("span", f" {alert.title}", class_="hidden")
    does, says = ("take-back", "Take back") if seen else ("acknowledge", "Acknowledge")
    button = element("button", says, about, type="submit", class_="plain-button" if seen else "strong-button")
    actions: list[Child] = [form(around.word, back, {"do": does, "alert": alert.alert_id}, button)]
    if muting is not None:
        end = element("button", "End the mute", about, type="submit", class_="plain-button")
        actions.append(form(around.word, back, {"do": "unmute", "mute": muting.id}, end))
    else:
        actions.append(_mute_form(alert, around, back))
    return element("div", actions, class_="actions")


def _mute_form(alert: Alert, around: Surroundings, back: str) -> Html:
    story = story_of(alert)
    what = [
        element("option", "this story", value=f"story:{story}") if story else None,
        element("option", around.title(alert.coverage_id), value=f"coverage:{alert.coverage_id}"),
    ]
    fields = element(
        "span",
        element("select", what, name="what", aria_label="What to mute"),
        " for ",
        element(
            "select",
            [element("option", name, value=minutes) for minutes, name in MUTED_FOR.items()],
            name="minutes",
            aria_label="For how long",
        ),
        element(
            "button", "Mute", element("span", f" {alert.title}", class_="hidden"), type="submit", class_="plain-button"
        ),
    )
    return element(
        "details",
        element("summary", "Mute …"),
        form(around.word, back, {"do": "mute"}, fields),
    )


def standing_mutes(mutes: Sequence[Mute], around: Surroundings, now: datetime) -> Html | None:
    """Return what is muted now, with a form for each that ends it."""
    if not mutes:
        return None
    rows = []
    for mute in mutes:
        what = around.title(mute.subject) if mute.kind is MuteKind.COVERAGE else f"Story {mute.subject[:12]}"
        about = element("span", f" {what}", class_="hidden")
        button = element("button", "End", about, type="submit", class_="plain-button")
        hours = max(1, round((mute.until - now).total_seconds() / 3600))
        rows.append(
            element(
                "li",
                element("span", element("strong", what), f" by {mute.by or 'an editor'}, until "),
                time_element(mute.until, "day"),
                element("span", f" (about {counted(hours, 'hour', 'hours')})", class_="soft"),
                form(around.word, around.back, {"do": "unmute", "mute": mute.id}, button),
            )
        )
    return element("section", element("h2", "Muted now"), element("ul", rows), class_="mutes", id="mutes")
