"""The text of small elements, read only as far as it is short, and the time stamp that such a text may be."""

from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborNode

from streams.parse.times.stamp import Stamp, read_stamp

_LONGEST_STAMP_CHARS: Final = 60
_MOST_NODES: Final = 60


def stamp_of(text: str | None) -> Stamp | None:
    """Return the time stamp in a short text, or None if the text has anything else."""
    line = " ".join((text or "").split())
    return _stamp_of(line) if line and len(line) <= _LONGEST_STAMP_CHARS else None


@lru_cache(maxsize=8_192)
def _stamp_of(line: str) -> Stamp | None:
    if not any(character.isdecimal() for character in line):
        return None
    stamp = read_stamp(line.lstrip("([ "))
    return stamp if stamp and not line.lstrip("([ ")[stamp.end :].strip(" .,:;)]|-\u2013\u2014\u00b7") else None


def short_text(node: LexborNode, longest: int = _LONGEST_STAMP_CHARS) -> str | None:
    """Return an element's text if it is short; a long one is not read to its end, so this costs little anywhere."""
    said: list[str] = []
    length = seen = 0
    waiting = [node.first_child]
    while waiting:
        child = waiting.pop()
        if child is None:
            continue
        seen += 1
        waiting.append(child.next)
        if child.tag == "-text":
            text = child.text_content or ""
            said.append(text)
            length += len(text.strip())
        else:
            waiting.append(child.first_child)
        if length > longest or seen > _MOST_NODES:
            return None
    return "".join(said)
