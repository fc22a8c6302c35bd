"""The page's HTML, and the digest that lets its own style through the content security policy; pure."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

from schemas.dead_letter import Stage
from streams.gateway.api.open_letters import LetterPage
from streams.replay.letter_state import State

_STYLE: Final = (files(__package__ or "") / "letters.css").read_text(encoding="utf-8")
STYLE_HASH: Final = f"sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}"
_PATH: Final = "/desk/dead-letters"
_SHOWN_CHARS: Final = 20_000
"""Of a body; the rest is a matter for the API."""
_KIB: Final = 1024


def list_page(page: LetterPage, query: Mapping[str, list[str]]) -> str:
    """Return the list with its filter; `query` has the filter's fields as they were given."""
    given = {name: ",".join(values) for name, values in query.items()}
    waiting = sum(page.waiting.values())
    lead = f"{waiting:,} wait." if waiting else "None wait."
    body = [
        "<h1>Dead letters</h1>",
        f'<p class="lead">Documents, or parts of them, that could not be processed. {lead}</p>',
        _counts(page),
        _filter(given),
        _table(page.letters) if page.letters else "<p>No letter fits.</p>",
    ]
    if page.next:
        body.append(f'<p><a href="{_link(**given, cursor=page.next)}">Older ones</a></p>')
    return _document("Dead letters", body)


def letter_page(letter: Mapping[str, Any]) -> str:
    """Return one letter, with buttons for what may become of it."""
    name, state = escape(letter["id"]), letter["state"]
    rows = [
        (label, letter.get(field))
        for label, field in (
            ("State", "state"), ("Stage", "stage"), ("Source", "source"), ("Coverage", "coverage"), ("Part", "part"),
            ("Failed at", "failed_at"), ("Document of", "document_at"), ("Tries", "tries"), ("Bytes", "bytes"),
            ("Another try of", "retry_of"),
        )
    ]  # fmt: skip
    again = "" if state == State.WAITING else "?again=true"
    word = "" if state == State.WAITING else " once more"
    text = letter.get("body", "")
    shown = escape(text[:_SHOWN_CHARS]) if "body" in letter else "No text: the API has it in base64."
    more = f"<p>The first {_SHOWN_CHARS:,} of {len(text):,} characters.</p>" if len(text) > _SHOWN_CHARS else ""
    return _document(
        f"Dead letter {letter['id']}",
        [
            f'<p><a href="{_PATH}">All dead letters</a></p>',
            f"<h1>Dead letter {name}</h1>",
            f'<p class="error-text">{escape(str(letter.get("error", "no error was told")))}</p>',
            '<div class="actions">',
            _button(f"{name}/retry{again}", f"Process it again{word}"),
            _button(f"{name}/discard{again}", f"Discard{word}"),
            "</div>",
            _pairs(rows),
            "<h2>Headers</h2>",
            _pairs(letter["headers"].items()),
            "<h2>Body</h2>",
            f"{more}<pre>{shown}</pre>",
            f'<p><a href="/v1/dead-letters/{name}">As JSON</a></p>',
        ],
    )


def _button(what: str, label: str) -> str:
    return f'<form method="post" action="{_PATH}/{what}"><button>{label}</button></form>'


def _counts(page: LetterPage) -> str:
    items = [
        f'<li><a href="{_link(source=source, stage=stage)}">{escape(f"{source}, {stage}: {count:,}")}</a></li>'
        for (source, stage), count in page.waiting.most_common(20)
    ]
    return f'<ul class="counts">{"".join(items)}</ul>' if items else ""


def _filter(given: Mapping[str, str]) -> str:
    fields = "".join(
        f'<label>{label}<input name="{name}" value="{escape(given.get(name, ""))}"></label>'
        for name, label in (("source", "Source"), ("coverage", "Coverage"), ("error", "Error contains"))
    )
    return (
        f'<form class="filter" action="{_PATH}">{_choice("State", "state", State, given.get("state", State.WAITING))}'
        f"{_choice('Stage', 'stage', ('', *Stage), given.get('stage', ''))}{fields}<button>Show</button></form>"
    )


def _choice(label: str, name: str, values: Iterable[str], chosen: str) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(value) or "all"}</option>'
        for value in values
    )
    return f'<label>{label}<select name="{name}">{options}</select></label>'


def _table(letters: Iterable[Mapping[str, Any]]) -> str:
    rows = "".join(
        f'<tr><td class="time"><time datetime="{escape(each["failed_at"])}">{escape(_minute(each["failed_at"]))}</time>'
        f"</td><td>{escape(each.get('source', ''))}</td><td>{escape(each.get('stage', ''))}</td>"
        f'<td class="error"><a href="{_PATH}/{escape(each["id"])}">{escape(each.get("error", "no error was told"))}</a>'
        f'{_part(each)}</td><td class="number">{_size(each["bytes"])}</td><td class="number">{each["tries"]}</td></tr>'
        for each in letters
    )
    return (
        '<div class="wide"><table><thead><tr><th scope="col">Failed (UTC)</th><th scope="col">Source</th>'
        '<th scope="col">Stage</th><th scope="col">Error</th><th scope="col">Size</th><th scope="col">Tries</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def _part(letter: Mapping[str, Any]) -> str:
    return f" (part {escape(letter['part'])})" if "part" in letter else ""


def _pairs(pairs: Iterable[tuple[str, Any]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(str(value))}</td></tr>'
        for name, value in pairs
        if value is not None
    )
    return f'<div class="wide"><table><tbody>{rows}</tbody></table></div>'


def _link(**query: str) -> str:
    return escape(f"{_PATH}?{urlencode(query)}")


def _minute(time: str) -> str:
    return time[:19].replace("T", " ")


def _size(count: int) -> str:
    return f"{count:,} B" if count < _KIB else f"{count / _KIB:,.0f} KiB"


def _document(title: str, body: Iterable[str]) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · Liveline</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/page/live.css"><style>{_STYLE}</style></head><body>'
        '<header class="bar"><div class="bar-inner"><a class="mark" href="/">Liveline</a>'
        f'<nav aria-label="Desk"><a href="/desk">Desk</a><a href="{_PATH}" aria-current="page">Dead letters</a></nav>'
        f"</div></header><main>{''.join(body)}</main></body></html>"
    )
