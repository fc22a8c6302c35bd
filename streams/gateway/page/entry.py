"""One update as it is shown; `files/entry.js` makes the same of what comes later, as a test in a browser holds."""

from datetime import datetime
from typing import Final

from schemas import Entry, Status
from schemas.post import Embed, Kind, Media, MediaType
from streams.gateway.page.body import body_of, link
from streams.gateway.page.html import Html, element
from streams.gateway.page.pictures import Pictures
from streams.gateway.page.words import field_names, name_of, quoted, time_of

_URGENT: Final = 2
_MEDIA: Final = {MediaType.IMAGE: "Picture", MediaType.VIDEO: "Video", MediaType.AUDIO: "Audio"}


def moment_of(entry: Entry) -> datetime:
    """Return the time that an entry is shown with; it never changes over revisions."""
    return entry.first_published_at or entry.published_at or entry.received_at


def is_gone(entry: Entry) -> bool:
    """Whether it was taken back."""
    return entry.status is not Status.USABLE


def is_edited(entry: Entry) -> bool:
    """Whether its newest revision changed what is shown."""
    return bool(entry.changed_fields) and not is_gone(entry)


def render_entry(entry: Entry, pictures: Pictures, coverage_title: str | None = None) -> Html:
    """Return an item of the list; `coverage_title`: where several coverages are shown together."""
    gone = is_gone(entry)
    marks = ["entry"]
    if not gone:
        marks += [name for name, is_set in (("breaking", entry.breaking), ("key", entry.key_event)) if is_set]
    else:
        marks.append("withdrawn")
    withdrew = element(
        "p", {"class": "gone"}, f"{name_of(entry.source_id)} withdrew this update at ", time_of(entry.processed_at), "."
    )
    content = [withdrew] if gone else _content(entry, pictures)
    return element(
        "li",
        {"id": f"e-{entry.entry_id}", "class": " ".join(marks), "data-revision": str(entry.revision)},
        element(
            "div",
            {"class": "clock"},
            element("a", {"href": f"#e-{entry.entry_id}"}, time_of(moment_of(entry))),
            element("span", {"class": "ago"}),
        ),
        element("article", {"class": "what"}, _labels(entry, coverage_title), content),
    )


def _content(entry: Entry, pictures: Pictures) -> list[Html | None]:
    return [
        element("h3", {}, entry.headline) if entry.headline else None,
        body_of(entry),
        *(_media(each, pictures) for each in entry.media),
        *(_embed(each) for each in entry.embeds),
        _also(entry),
        _changes(entry),
        element("p", {"class": "also"}, link(entry.url, f"Original at {name_of(entry.source_id)}"))
        if entry.url
        else None,
    ]


def _labels(entry: Entry, coverage_title: str | None) -> Html:
    def label(kind: str, text: str) -> Html:
        return element("span", {"class": f"label {kind}"}, text)

    gone = is_gone(entry)
    shown = [
        (entry.breaking, "breaking", "Breaking"),
        (entry.key_event, "key", "Key moment"),
        (entry.pinned, "pinned", "Pinned"),
        (entry.is_correction, "correction", "Correction"),
        (not entry.breaking and (entry.urgency or _URGENT + 1) <= _URGENT, "urgent", "Urgent"),
        (entry.kind is Kind.SUMMARY, "summary", "Summary"),
    ]
    return element(
        "p",
        {"class": "labels"},
        [label(kind, text) for is_set, kind, text in shown if is_set and not gone],
        element("span", {"class": "source"}, name_of(entry.source_id)),
        element("span", {}, ", ".join(entry.authors)) if entry.authors else None,
        element("a", {"href": f"/coverages/{quoted(entry.coverage_id)}"}, coverage_title) if coverage_title else None,
        element("span", {"class": "label edited"}, "Edited ", time_of(entry.processed_at))
        if is_edited(entry)
        else None,
        label("edited", "Withdrawn") if gone else None,
    )


def _media(item: Media, pictures: Pictures) -> Html:
    credit = element("span", {"class": "credit"}, f" ({item.credit})") if item.credit else None
    address = pictures.address(item.url) if item.type is MediaType.IMAGE else None
    if address:
        caption = element("figcaption", {}, item.caption or "", credit) if item.caption or item.credit else None
        return element(
            "figure",
            {"class": "picture"},
            element(
                "img",
                {
                    "src": address,
                    "alt": item.alt or "",
                    "loading": "lazy",
                    "decoding": "async",
                    "referrerpolicy": "no-referrer",
                },
            ),
            caption,
        )
    words = item.caption or item.alt
    return element("p", {"class": "aside"}, link(item.url, _MEDIA[item.type]), f": {words}" if words else "", credit)


def _embed(item: Embed) -> Html:
    name = name_of(item.provider or "embed")
    return element("p", {"class": "aside"}, link(item.url, name), f": {item.text}" if item.text else "")


def _also(entry: Entry) -> Html | None:
    if not entry.sources:
        return None
    reports: list[str | Html] = []
    for report in entry.sources:
        reports += [", "] if reports else []
        reports.append(element("strong", {}, link(report.url, name_of(report.source_id))))
        reports += [" at ", time_of(report.published_at)] if report.published_at else []
    return element("p", {"class": "also"}, "Also reported by ", reports)


def _changes(entry: Entry) -> Html | None:
    """Return where the browser puts what an edit changed; without scripts, a link to all versions."""
    if entry.revision == 1 or not is_edited(entry):
        return None
    versions = element(
        "li", {}, element("a", {"href": f"/v1/entries/{entry.entry_id}/revisions"}, "All versions (JSON)")
    )
    return element(
        "details",
        {"class": "changes"},
        element("summary", {}, f"What changed: {field_names(entry.changed_fields)}"),
        element("ol", {"class": "versions"}, versions),
    )
