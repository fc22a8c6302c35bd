"""A text's lines, cleaned, without the page's furniture; each knows whether a blank line came before it."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from streams.parse.words.clean import clean_line
from streams.parse.words.pointers import is_pointer

_FURNITURE: Final = re.compile(
    r"""(?ix)
    (?: advert|sponsored(?:\ content)?|promoted(?:\ stories)?
      | (?:article|story)\ continues(?:\ below|\ after)?.{0,40}|scroll\ (?:down\ )?to\ continue.{0,30}
      | skip\ past\ .{0,60}
      | read\ the\ full\ (?:story|article)\ here|see\ more
      | related(?:\ articles?|\ stories)?|recommended|most\ (?:read|viewed|popular)|more\ on\ this\ story|top\ stories
      | share(?:\ (?:this|on|via|now)(?:\ [\w\ ]{1,30})?|\ article)?|copy\ (?:the\ )?link(?:\ to\ .{0,30})?|link\ copied
      | facebook|twitter|whatsapp|e-?mail|linkedin|telegram|reddit|messenger|print|save|comments?
      | \d{1,6}\ (?:comments?|shares?)|(?:view|show|load|add)\ (?:\d+\ )?(?:more\ )?(?:comments?|posts?|updates?|more)
      | (?:back\ to\ )?top|refresh|sign\ up(?:\ (?:for|to)\ .{0,80})?|subscribe(?:\ now|\ to\ .{0,60})?
      | follow\ us.{0,40}|newsletter|play\ video|watch\ now|loading\W{0,3}
      | cookies?\ (?:policy|settings)|accept\ all|privacy\ policy
      | listen(?:\ to\ this\ article)?|live|live\ (?:updates|blog|feed|reporting)|latest(?:\ updates)?
      | all\ times\ (?:stated\ )?are\ .{2,30}
      | show\ (?:key\ events\ only|more|less|all)|from\ (?:just\ now|\d{1,2}\s?\w{1,7}\ ago)
      | (?:newest|oldest|latest)\ first
      | 1\d{9}|auto-?refresh.{0,20}|\#+|[*_=~-]{3,}
    ) [\s.:!>→»|]*
    | (?:read\ (?:more|next|also)|also\ read|related|see\ also)\s?[:|»>-].*
    """
)
_BREAKING: Final = re.compile(r"(?i)(?:breaking\W?){1,2}")
_BULLET: Final = re.compile(r"^[•·▪●◦*‣]\s+|^-\s+(?=\S)|^>\s+")
_HEADING: Final = re.compile(r"^#{1,6}\s+(?=\S)")
_EMPHASIS: Final = re.compile(r"^(?:\*\*|__)([^*_]+)(?:\*\*|__)\s*(.*)$")
"""Markdown: `## 12:40 PM`, `**12:40:** Headline`."""
_WRAPPED_FROM_CHARS: Final = 50
_WRAPPED_TO_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank."""

    text: str
    after_blank: bool
    """It begins a block: the line before it is blank, or it is the first."""
    bullet: bool = False


def read_lines(text: str) -> list[Line]:
    """Return the text's lines, each cleaned, without share widgets, adverts and pointers to other stories."""
    found: list[Line] = []
    blank = True
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n"):
        line = clean_line(raw)
        if not line:
            blank = True
            continue
        line = _EMPHASIS.sub(r"\1 \2", _HEADING.sub("", line)).strip()
        bare = _BULLET.sub("", line)
        if _BREAKING.fullmatch(bare):  # a label of the post: the next line takes its place
            continue
        if not bare or is_pointer(bare) or _FURNITURE.fullmatch(bare):
            blank = True
            continue
        found.append(Line(bare, blank, bare != line))
        blank = False
    return found


def is_hard_wrapped(lines: list[Line]) -> bool:
    """Whether a sender broke the lines at a column: most lines within blocks are nearly as long as the longest."""
    longest = max((len(line.text) for line in lines), default=0)
    if not _WRAPPED_FROM_CHARS <= longest <= _WRAPPED_TO_CHARS:
        return False
    broken = [line for line, following in pairwise(lines) if not following.after_blank]
    full = [line for line in broken if len(line.text) > longest * 0.75 and line.text[-1] not in '.!?:”"’']
    return len(broken) >= 3 and len(full) >= len(broken) * 0.5  # noqa: PLR2004


def unwrap(lines: list[Line]) -> list[Line]:
    """Return one line a block."""
    joined: list[Line] = []
    for line in lines:
        if line.after_blank or line.bullet or not joined:
            joined.append(line)
        else:
            before = joined[-1]
            joined[-1] = Line(f"{before.text} {line.text}", before.after_blank, before.bullet)
    return joined
