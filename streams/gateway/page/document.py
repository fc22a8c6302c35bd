"""The live page as a whole: readable without scripts, which then bring it up to date in its place."""

from collections.abc import Sequence
from typing import Final

from streams.gateway.page.choice import SHOW_CHANGED
from streams.gateway.page.content import Content
from streams.gateway.page.entry import is_gone, moment_of, render_entry
from streams.gateway.page.facets import facets_of, render_facets
from streams.gateway.page.head import render_head
from streams.gateway.page.html import Html, element, join
from streams.gateway.page.pictures import Pictures
from streams.gateway.page.state import render_state
from streams.gateway.page.words import count, day, quoted, time_of

_FEEDS: Final = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}


def render_page(content: Content, pictures: Pictures) -> bytes:
    """Return the page of a coverage, or of all."""
    body = element(
        "body",
        {},
        element("a", {"class": "skip", "href": "#updates"}, "Skip to the updates"),
        _bar(content),
        element(
            "main",
            {},
            element(
                "div",
                {"class": "head"},
                element("h1", {"id": "title"}, content.title),
                element("p", {"id": "facts", "class": "facts"}, _facts(content)),
                element("p", {"id": "notice", "class": "notice", "role": "status", "hidden": True}),
                _search(content),
            ),
            element("div", {"class": "columns"}, _side(content), _updates(content, pictures)),
            element("button", {"type": "button", "id": "pill", "class": "pill", "hidden": True}),
            element("p", {"id": "announce", "class": "hidden", "aria-live": "polite"}),
        ),
        _foot(content),
        render_state(content, pictures),
    )
    return b"<!doctype html>\n" + element("html", {"lang": "en"}, render_head(content, pictures), body).encode()


def render_embedded(content: Content, pictures: Pictures) -> bytes:
    """Return the page of a coverage for an iframe: its updates, and a link to the rest."""
    body = element(
        "body",
        {"class": "embedded"},
        element(
            "main",
            {},
            element("h1", {"id": "title"}, element("a", {"href": content.address, "target": "_blank"}, content.title)),
            element("p", {"id": "state", "class": "state", "data-state": "connecting", "role": "status"}, *_dot()),
            element("p", {"id": "announce", "class": "hidden", "aria-live": "polite"}),
            element("h2", {"class": "hidden"}, "Updates, newest first"),
            _list(content, pictures),
            element("p", {"class": "rest"}, element("a", {"href": content.address, "target": "_blank"}, "All updates")),
        ),
        render_state(content, pictures),
    )
    head = render_head(content, pictures, embedded=True)
    return b"<!doctype html>\n" + element("html", {"lang": "en"}, head, body).encode()


def _bar(content: Content) -> Html:
    links = [("/", "All", content.coverage is None)]
    links += [(f"/coverages/{quoted(name)}", title, name == content.coverage) for name, title in content.coverages]
    return element(
        "header",
        {"class": "bar"},
        element(
            "div",
            {"class": "bar-inner"},
            element("a", {"class": "mark", "href": "/"}, "Liveline"),
            element(
                "nav",
                {"id": "coverages", "aria-label": "Coverages"},
                [
                    element("a", {"href": address, "aria-current": "page" if here else None}, title)
                    for address, title, here in links
                ],
            ),
            element("p", {"id": "state", "class": "state", "data-state": "connecting", "role": "status"}, *_dot()),
        ),
    )


def _dot() -> list[Html]:
    return [
        element("span", {"class": "dot", "aria-hidden": "true"}),
        element("span", {"id": "state-text"}, "Connecting"),
        element("noscript", {}, "As of when this page was loaded"),
    ]


def _facts(content: Content) -> Html | None:
    """Return what is true of all entries; where there are more than those here, their number is not known."""
    if not content.entries:
        return None
    known = content.next is None and content.choice.before is None
    shown = [entry for entry in content.entries if not is_gone(entry)]
    sources = {each for entry in shown for each in (entry.source_id, *(report.source_id for report in entry.sources))}
    counted = count(len(shown), "update", "updates") if known else f"The newest {len(shown)} updates"
    if content.choice.before is not None:
        counted = f"{len(shown)} earlier updates"
    told: list[str | Html] = [counted, " · "]
    told += [count(len(sources), "source", "sources"), " · "] if known else []
    return join([*told, "last change ", time_of(max(entry.processed_at for entry in content.entries))])


def _search(content: Content) -> Html:
    query = content.choice.query
    kept = [
        element("input", {"type": "hidden", "name": name, "value": value})
        for name, values in query.items()
        if name != "q"
        for value in values
    ]
    return element(
        "form",
        {"id": "search", "class": "search", "role": "search", "method": "get", "action": "?"},
        element("label", {"class": "hidden", "for": "q"}, "Search the updates"),
        element(
            "input",
            {
                "type": "search",
                "id": "q",
                "name": "q",
                "value": " ".join(query.get("q", ())),
                "placeholder": "Search the updates",
            },
        ),
        kept,
        element("button", {"type": "submit"}, "Search"),
    )


def _side(content: Content) -> Html:
    keys = [
        element(
            "li", {}, time_of(moment_of(entry)), element("a", {"href": f"#e-{entry.entry_id}"}, entry.headline or "")
        )
        for entry in content.key_moments
    ]
    facets = facets_of(content.entries)
    # What has nothing yet says so: were it to appear later, all below it would jump on a phone.
    alone = content.coverage is None
    return element(
        "div",
        {"class": "side"},
        element(
            "nav",
            {"id": "key-moments", "class": "key-moments", "aria-labelledby": "key-title", "hidden": alone},
            element("h2", {"id": "key-title"}, "Key moments"),
            # A list that scrolls is reached by keys as well.
            element("ol", {"id": "key-list", "tabindex": "0", "aria-labelledby": "key-title"}, keys or _none_yet()),
        ),
        element(
            "details",
            {"id": "facets", "class": "facets"},
            element("summary", {}, element("h2", {}, "People, places, figures")),
            render_facets(facets, content.choice),
        ),
        element(
            "details",
            {"id": "figures", "class": "figures", "hidden": alone},
            element("summary", {}, element("h2", {}, "The numbers over time")),
            element("div", {"id": "charts"}),
            element(
                "noscript",
                {},
                element("a", {"href": f"/v1/coverages/{quoted(content.coverage or '')}/figures"}, "As JSON"),
            ),
        ),
    )


def _none_yet() -> Html:
    return element("li", {"class": "none"}, "None yet")


def _updates(content: Content, pictures: Pictures) -> Html:
    return element(
        "section",
        {"id": "updates", "tabindex": "-1", "aria-labelledby": "updates-title"},
        element("h2", {"id": "updates-title", "class": "hidden"}, "Updates, newest first"),
        _choices(content),
        _list(content, pictures),
        element(
            "a",
            {
                "id": "earlier",
                "class": "earlier",
                "href": content.choice.address(before=str(content.next)) if content.next is not None else "?",
                "rel": "next",
                "hidden": content.next is None,
            },
            "Show earlier updates",
        ),
        element(
            "noscript", {}, element("p", {"class": "empty"}, "Times are in UTC. Load the page anew for what is new.")
        ),
    )


def _choices(content: Content) -> Html:
    choice = content.choice
    choices = [
        ("All", "?", not choice.query),
        ("Key moments", "?key_event=true", choice.has("key_event", "true")),
        ("Edited or withdrawn", f"?show={SHOW_CHANGED}", choice.changed),
    ]
    filtered = [
        element(
            "li",
            {},
            element(
                "a", {"href": choice.address(**{name: None}), "aria-label": f"Remove the filter {value}"}, f"{value} ✕"
            ),
        )
        for name, values in choice.query.items()
        if name not in ("key_event", "show")
        for value in values
    ]
    if choice.before is not None:
        filtered.append(element("li", {}, element("a", {"href": choice.address()}, "Back to the newest")))
    return join(
        [
            element(
                "nav",
                {"class": "choice", "aria-label": "Show"},
                [
                    element("a", {"href": address, "aria-current": "true" if is_set else None}, name)
                    for name, address, is_set in choices
                ],
            ),
            element("ul", {"class": "chips filtered", "aria-label": "Filters"}, filtered) if filtered else None,
        ]
    )


def _list(content: Content, pictures: Pictures) -> Html:
    rows: list[Html] = []
    last = ""
    for entry in content.entries:
        today = day(moment_of(entry))
        if today != last and not (entry.pinned and not is_gone(entry)):
            rows.append(element("li", {"class": "day"}, today))
            last = today
        title = None if content.coverage else content.titles.get(entry.coverage_id, entry.coverage_id)
        rows.append(render_entry(entry, pictures, title))
    return join([element("ol", {"id": "list", "class": "list"}, rows), _empty(content)])


def _empty(content: Content) -> Html:
    filtered = bool(content.choice.query)
    title, words = (
        ("Nothing fits", "No update fits this search or filter yet. What comes and fits appears here.")
        if filtered
        else ("No updates yet", "Leave this page open. The first update appears here the moment it comes in.")
    )
    return element(
        "div",
        {"id": "empty", "class": "empty", "hidden": bool(content.entries) or content.cursor is None},
        element("p", {"class": "empty-title"}, title),
        element("p", {}, words),
    )


def _foot(content: Content) -> Html:
    path = f"/coverages/{quoted(content.coverage or '')}/feed."
    feeds: Sequence[Html] = [element("a", {"href": path + suffix}, name) for suffix, name in _FEEDS.items()]
    return element(
        "footer", {"class": "foot"}, [element("p", {}, "Feeds: ", *_parted(feeds))] if content.coverage else None
    )


def _parted(links: Sequence[Html]) -> list[str | Html]:
    parts: list[str | Html] = []
    for each in links:
        parts += [", ", each] if parts else [each]
    return parts
