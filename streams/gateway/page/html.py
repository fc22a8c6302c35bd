"""HTML from values: text is always text, whoever wrote it."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

_VOID: Final = frozenset({"br", "img", "input", "link", "meta"})


class Html(str):
    """Markup that `element` made."""

    __slots__ = ()


def element(
    name: str,
    attributes: Mapping[str, str | bool | None] | None = None,
    *children: "str | Html | Iterable[str | Html | None] | None",
) -> Html:
    """Return an element; of its children a `str` is escaped, `Html` is not, and None is nothing.

    An attribute that is None or False is left out, one that is True has no value. `name` and the attributes' names are
    ours, never a source's.
    """
    head = "".join(
        f" {key}" if value is True else f' {key}="{escape(value)}"'
        for key, value in (attributes or {}).items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{head}>")
    return Html(f"<{name}{head}>{join(children)}</{name}>")


def join(children: "Iterable[str | Html | Iterable[str | Html | None] | None]") -> Html:
    """Return the markup of several children, one after the other."""
    parts = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, Html):
            parts.append(str(child))
        elif isinstance(child, str):
            parts.append(escape(child, quote=False))
        else:
            parts.append(str(join(child)))
    return Html("".join(parts))


def data_block(identifier: str | None, media_type: str, json: bytes) -> Html:
    """Return a script element that holds JSON: nothing in it can end the element."""
    safe = json.decode().replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    head = f' id="{escape(identifier)}"' if identifier else ""
    return Html(f'<script{head} type="{escape(media_type)}">{safe}</script>')
