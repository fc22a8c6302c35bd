"""A text as the words and marks that the model reads, and the stretches of it worth reading."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple


class Token(NamedTuple):
    """A word or a mark where it stands."""

    text: str
    start: int
    end: int


_TOKEN: Final = re.compile(
    r"(?:[^\W\d_]\.){2,}|[^\W\d_]\.(?=\s[^\W\d_])"  # U.S., J. (an initial)
    r"|(?:Mc|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|Prof|St|Rev)\.(?=\s)"
    r"|['\u2019]s\b"
    r"|(?:[ldsncjm]|[dn]ell|all|dall|sull|un|qu)['\u2019](?=[A-Z\u00c0-\u00de])"  # l'Italia, d'Amiens
    r"|[^\W_]+(?:(?:[-\u2010&]|['\u2019](?!s\b))[^\W_]+)*"
    r"|\n+|[^\w\s]"
)
SENTENCE_ENDS: Final = frozenset({".", "!", "?", ":", "\n", "\u2022", "|"})


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text; a line's end is one."""
    return [Token(m[0] if m[0][0] != "\n" else "\n", m.start(), m.end()) for m in _TOKEN.finditer(text)]


def stretches(candidates: list[bool], reach: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of tokens within `reach` of a candidate: of the others the model says nothing anyway."""
    begin, last = -1, -1
    for place, candidate in enumerate(candidates):
        if not candidate:
            continue
        if begin < 0:
            begin = max(0, place - reach)
        elif place - last > 2 * reach + 1:
            yield begin, last + reach + 1
            begin = place - reach
        last = place
    if begin >= 0:
        yield begin, min(len(candidates), last + reach + 1)
