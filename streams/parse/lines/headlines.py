"""Whether a page's posts have headlines, and which lines are headlines rather than first sentences."""

import re
from collections.abc import Sequence
from statistics import median
from typing import Final

from streams.parse.lines.captions import read_caption

_LONGEST_CHARS: Final = 180
_LONGEST_SENTENCE_CHARS: Final = 120
_FEWEST_LINES: Final = 3
_NEARLY_ALL_SHARE: Final = 0.8
_LONGER_TIMES: Final = 1.8
_ENDS_SENTENCE: Final = re.compile(r"(?:[.:;,…]|\.\.)[\"'”’)\]]*$")
_SENTENCES: Final = re.compile(r"(?<![A-Z])(?<!\b(?:Mr|Ms|Dr|St|No|vs))(?<!\bMrs)(?<!\bProf)\.[\"'”’]?\s+[\"'“‘]?[A-Z]")
_NO_HEADLINE: Final = re.compile(
    r"^(?:[#@—–]|https?://|www\.|(?i:twitter|tweet|video|watch)\s?:"
    r"|by [A-Z]|By [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,2}$)"
)


def looks_like_headline(text: str) -> bool:
    """Whether a line alone, as it stands, reads as a headline: short, one piece, no full stop."""
    return (
        len(text) <= _LONGEST_CHARS
        and not _ENDS_SENTENCE.search(text)
        and not _NO_HEADLINE.match(text)
        and not _SENTENCES.search(text)
        and read_caption(text) is None
    )


def looks_like_sentence_headline(text: str) -> bool:
    """Whether a line can be a headline in a house that ends its headlines with a full stop, or cuts them short."""
    return len(text) <= _LONGEST_SENTENCE_CHARS and looks_like_headline(text.rstrip(".…"))


def ends_headlines_with_a_stop(first_lines: Sequence[str], second_lines: Sequence[str]) -> bool:
    """Whether a page's headlines are whole sentences: nearly all first lines are one, short beside what follows."""
    if len(first_lines) < _FEWEST_LINES or not all(second_lines):
        return False
    stopped = sum(line.endswith((".", "…")) for line in first_lines)
    if stopped * 2 < len(first_lines):
        return False
    alike = sum(map(looks_like_sentence_headline, first_lines)) >= _NEARLY_ALL_SHARE * len(first_lines)
    return alike and median(map(len, second_lines)) >= _LONGER_TIMES * median(map(len, first_lines))


def share_of_headlines(first_lines: Sequence[str]) -> float | None:
    """Return the share of first lines that read as headlines (0 to 1), or None if there are no lines."""
    if not first_lines:
        return None
    return sum(map(looks_like_headline, first_lines)) / len(first_lines)
