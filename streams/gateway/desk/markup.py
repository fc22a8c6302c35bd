"""HTML from values: text is always escaped, and only what this module has made is taken as it is."""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"input", "link", "meta", "br"})


class Html(str):
    """Markup that is safe as it stands."""

    __slots__ = ()


Child = str | Iterable["Child"] | None


def element(tag: str, /, *children: Child, **attributes: str | bool | None) -> Html:
    """Return an element; `class_` is `class`, `_` in other names is `-`, True is an attribute without a value."""
    given = "".join(
        f" {_name(key)}" if value is True else f' {_name(key)}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Html(f"<{tag}{given}>")
    return Html(f"<{tag}{given}>{joined(*children)}</{tag}>")


def joined(*children: Child) -> Html:
    """Return children one after the other; None is nothing."""
    parts = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            parts.append(child if isinstance(child, Html) else escape(child))
        else:
            parts.append(joined(*child))
    return Html("".join(parts))


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
