"""Sanitised HTML without elements in which there is nothing to see: what editors' software leaves behind."""

import re
from typing import Final

# In what the sanitiser writes a "<" always begins a tag, and an attribute's value stands between quotation marks.
_TOKEN: Final = re.compile(r'<(/?)([a-z][a-z0-9]*)[^"<>]*(?:"[^"]*"[^"<>]*)*>')
# An empty element has one in it that has no other: most HTML has none and is done with one search.
_INNERMOST: Final = re.compile(
    r'<(?!br>|hr|img|/)[a-z][a-z0-9]*[^"<>]*(?:"[^"]*"[^"<>]*)*>(?:\s|&nbsp;|\u200b|\ufeff|<br>)*+</'
)
_SEEN: Final = frozenset({"img", "hr"})
_VOID: Final = frozenset({"img", "hr", "br"})
_INLINE: Final = frozenset({
    "a", "abbr", "b", "cite", "code", "del", "em", "i", "ins", "mark", "q", "s", "small", "strong", "sub", "sup",
    "time", "u",
})  # fmt: skip
_CELLS: Final = frozenset({"td", "th"})
"""An empty cell keeps the others in their columns."""


def without_empty_elements(html: str) -> str:
    """Return the HTML without empty elements, in one pass; a row without any text goes as a whole."""
    if not _INNERMOST.search(html):
        return html.strip()
    kept: list[str] = []
    opened: list[tuple[str, int]] = []
    full: list[bool] = [False]  # whether there is something to see, in the document and in each open element
    at = 0
    for tag in _TOKEN.finditer(html):
        if text := html[at : tag.start()]:
            kept.append(text)
            full[-1] = full[-1] or not _is_blank(text)
        at = tag.end()
        closes, name = tag[1] == "/", tag[2]
        if name in _VOID:
            kept.append(tag[0])
            full[-1] = full[-1] or name in _SEEN
        elif not closes:
            opened.append((name, len(kept)))
            full.append(False)
            kept.append(tag[0])
        elif opened and opened[-1][0] == name:
            _, start = opened.pop()
            seen = full.pop()
            full[-1] = full[-1] or seen
            if seen or name in _CELLS:
                kept.append(tag[0])
            else:
                between = any(_is_blank(piece) for piece in kept[start + 1 :]) and name in _INLINE
                del kept[start:]
                kept.extend([" "] if between else [])
        else:
            kept.append(tag[0])
    kept.append(html[at:])
    return "".join(kept).strip()


def _is_blank(text: str) -> bool:
    return not text.replace("&nbsp;", " ").replace("\u200b", "").replace("\ufeff", "").strip()
