"""The frame of the desk's pages, and the policy that they are served with."""

from typing import Final

from aiohttp import web

from streams.gateway.desk.markup import Child, Html, element, joined

_PAGES: Final = (("/desk", "Alerts"), ("/desk/rules", "Rules"), ("/desk/sources", "Sources and sinks"))
_HEADERS: Final = {
    # Nothing inline and nothing from elsewhere: text that slipped through still can't run.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: with it a browser says `Origin: null` of our own forms, and no cookie counts for that.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def answer(path: str, title: str, main: Child, *, cursor: str | None = None) -> web.Response:
    """Return a page; with `cursor`, the place in the stream of alerts after what it shows, it becomes live."""
    head = joined(
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} · Liveline desk"),
        element("link", rel="icon", href="/page/icon.svg", type="image/svg+xml"),
        element("link", rel="stylesheet", href="/page/live.css"),
        element("link", rel="stylesheet", href="/desk/files/desk.css"),
        element("script", type="module", src="/desk/files/desk.js"),
    )
    links = [element("a", name, href=place, aria_current="page" if place == path else None) for place, name in _PAGES]
    bar = element(
        "header",
        element(
            "div",
            element("a", "Liveline", class_="mark", href="/"),
            element("nav", links, aria_label="Desk"),
            _live_controls() if cursor is not None else None,
            class_="bar-inner",
        ),
        class_="bar",
    )
    body = element(
        "body",
        element("a", "Skip to the content", class_="skip", href="#main"),
        bar,
        element("main", element("h1", title), main, id="main", class_="desk", tabindex="-1", data_cursor=cursor),
        element("p", id="announce", class_="hidden", aria_live="polite"),
    )
    page = Html(f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n{body}\n</html>\n')
    return web.Response(text=page, content_type="text/html", headers=_HEADERS)


def _live_controls() -> Html:
    """Return what only the script makes useful; without it they stay hidden."""
    return joined(
        element("button", "Sound", type="button", id="sound", class_="toggle", aria_pressed="false", hidden=True),
        element(
            "p",
            element("span", class_="dot", aria_hidden="true"),
            element("span", "Connecting", id="state-text"),
            id="state", class_="state", data_state="connecting", role="status", hidden=True,
        ),
    )  # fmt: skip
