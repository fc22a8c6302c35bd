"""How fresh each source is, and which sinks failed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from streams.archive.state.failed_sinks import FailedSink
from streams.gateway.desk.markup import Child, Html, element, joined
from streams.gateway.desk.words import age, counted, name_of, time_element


def sources_page(
    sources: Sequence[Mapping[str, Any]],
    sinks: Sequence[FailedSink] | None,
    titles: Mapping[str, str],
    now: datetime,
) -> Html:
    """Return both tables; `sinks` is None while the state database can't be used."""
    rows = [
        element(
            "tr",
            element("th", name_of(each["id"]), scope="row"),
            element("td", titles.get(each["coverage"]) or name_of(each["coverage"])),
            element("td", _heard(each, now)),
            element("td", f"{each['entries']:,}", class_="number"),
            element("td", f"every {each['every']}" if each.get("every") else "pushed"),
        )
        for each in sources
    ]
    return joined(
        element("h2", "Sources"),
        _table("Sources", ("Source", "Coverage", "Last new", "Updates", "Comes"), rows)
        if rows
        else element("p", "There are no sources yet.", class_="soft"),
        element("h2", "Sinks that failed in the last 24 hours"),
        _sinks(sinks),
    )


def _heard(source: Mapping[str, Any], now: datetime) -> Child:
    if "received_at" not in source:
        return "nothing yet"
    at = datetime.fromisoformat(source["received_at"])
    return joined(age(now - at), " · ", time_element(at, "day"))


def _sinks(sinks: Sequence[FailedSink] | None) -> Html:
    if sinks is None:
        return element("p", "The state database can't be used now, so nothing is known of sinks.", class_="held")
    if not sinks:
        return element("p", "None.", class_="soft")
    rows = [
        element(
            "tr",
            element("th", each.sink, scope="row"),
            element("td", counted(each.count, "alert", "alerts")),
            element("td", time_element(each.last_at, "day")),
            element("td", each.last_error or ""),
            element("td", time_element(each.sent_at, "day") if each.sent_at else "never"),
        )
        for each in sinks
    ]
    return _table("Sinks", ("Sink", "Failed", "Last failed", "Error", "Last sent"), rows)


def _table(name: str, heads: Sequence[str], rows: Sequence[Html]) -> Html:
    head = element("tr", [element("th", each, scope="col") for each in heads])
    table = element("table", element("thead", head), element("tbody", rows))
    return element("div", table, class_="wide", tabindex="0", role="region", aria_label=name)
