"""The links around the list of alerts: which are shown, and earlier ones."""

from collections.abc import Mapping
from urllib.parse import urlencode

from streams.gateway.desk.markup import Html, element


def choices(chosen: str | None, coverages: Mapping[str, str], *, standing: bool) -> Html:
    """Return links that choose what is shown."""
    kept = {"coverage": chosen} if chosen else {}
    shown = {"show": "standing"} if standing else {}
    kinds = [
        _choice("Latest", kept, chosen=not standing),
        _choice("Standing", {**kept, "show": "standing"}, chosen=standing),
    ]
    where = [_choice("All coverages", shown, chosen=chosen is None)]
    where += [_choice(title, {**shown, "coverage": name}, chosen=name == chosen) for name, title in coverages.items()]
    return element(
        "nav",
        element("span", kinds, class_="choice"),
        element("span", where, class_="choice") if len(coverages) > 1 else None,
        class_="choices",
        aria_label="Show",
    )


def page_links(query: Mapping[str, str], following: int | None) -> Html | None:
    """Return the way to earlier alerts, and back to the newest."""
    kept = {name: query[name] for name in ("show", "coverage") if name in query}
    links = []
    if "before" in query:
        links.append(element("a", "Newest alerts", href=_address(kept)))
    if following is not None:
        links.append(element("a", "Earlier alerts", href=_address({**kept, "before": str(following)})))
    return element("p", links, class_="pages") if links else None


def _choice(name: str, query: Mapping[str, str], *, chosen: bool) -> Html:
    return element("a", name, href=_address(query), aria_current="true" if chosen else None)


def _address(query: Mapping[str, str]) -> str:
    return f"/desk?{urlencode(query)}" if query else "/desk"
