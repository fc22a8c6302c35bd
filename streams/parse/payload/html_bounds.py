"""How much HTML may hold, counted in its text: a tree that is too large must not be built before it is refused.

Three things cost a parser more than the text weighs. Tags: each is a node, and every search visits all of them.
Attributes of one element: each is compared with all before it (100,000 take 18 s). Formatting elements that are left
open: HTML opens them anew in each block that follows, so that 56 kB of `<b id=a1></x><p><b id=a2></x><p>` became a
tree of 1.2 GB. None of the counts recurses, and each is linear in the text.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from streams.exceptions import ParseError

MOST_TAGS: Final = 100_000
"""The longest collected live page has 3,400; one of 5,000 posts would have some 80,000."""
MOST_ATTRIBUTES: Final = 500
"""Of one element; collected pages have at most 25."""
MOST_REOPENED: Final = 500_000
"""Formatting elements that a parser may have to open anew; collected pages: at most 3,900."""

_START: Final = re.compile(rb"<[a-zA-Z]")
# Comments, and what is text to a browser whatever it looks like, come first: a "<" in them begins no tag. Each
# alternative also ends at the end of the text, for a failed match would be tried again from the next tag: that is
# quadratic.
_TOKEN: Final = re.compile(
    rb"""(?isx)
    <!-- (?: .*? --!?> | .*+ )
    | <(script|style|title|textarea)\b ([^>]*+) > (?: .*? </\1[\s/>] | .*+ )
    | < (/?) ([a-z][^\s/>]*+)
      ( (?: [\s/]++ | =?[^\s/>=]++ (?: \s*+ = \s*+ (?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^\s>]*+ ) )?+ | = )*+ )
    """
)
_ATTRIBUTE: Final = re.compile(rb"""=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+""")
_FEW_ATTRIBUTES_BYTES: Final = 2 * MOST_ATTRIBUTES
"""Each has a name and what parts it from the next."""
# All that HTML opens anew; of `a` and `nobr` only one is ever open, for a second one closes the first.
_FORMATTING: Final = rb"b|big|code|em|font|i|s|small|strike|strong|tt|u"
_FORMATTING_TAG: Final = re.compile(rb"(?i)<(?:" + _FORMATTING + rb")(?=[\s/>])[^<>]{0,300}")
_INLINE: Final = _FORMATTING + rb"|a|span"
# Between such a pair there is nothing but text: wherever its beginning is a tag, its end is one as well.
_PAIR: Final = re.compile(
    rb"(?i)<(" + _INLINE + rb")(?:\s+[a-z][\w:.-]*(?:=\"[^\"<>]*\"|='[^'<>]*')?)*+\s*>"
    rb"[^<]*+(?:<br\s*/?>[^<]*+)*+</\1\s*>"
)
_NESTED_PAIRS: Final = 4
_ALIKE: Final = 3
"""Of formatting elements with the same attributes HTML opens no more than three anew."""


def tags_of(markup: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the tags of HTML in order, as the slash of an end tag or nothing, and the name in small letters.

    Those that stand in comments, scripts, styles and titles are no tags. Raises `ParseError` where one has too many
    attributes.
    """
    for raw, raw_attributes, closing, name, attributes in _TOKEN.findall(markup.lower()):
        if len(attributes) > _FEW_ATTRIBUTES_BYTES or raw:
            check_attributes(attributes or raw_attributes)
        if name:
            yield closing, name


def check_tags(markup: bytes) -> None:
    """Raise `ParseError` for HTML of more tags than are read, or that makes a parser open too many of them anew."""
    count = len(_START.findall(markup))  # those in scripts, too: then nothing that hides a tag helps
    if count > MOST_TAGS:
        raise ParseError(f"the HTML has {count:,} tags; at most {MOST_TAGS:,} are read")
    if _left_open(markup) * count > MOST_REOPENED and _left_open(_without_pairs(markup)) * count > MOST_REOPENED:
        raise ParseError(
            "the HTML leaves too many formatting elements (such as <b>) open: opened anew in each block that follows, "
            f"they may be more than {MOST_REOPENED:,}"
        )


def check_attributes(attributes: bytes) -> None:
    """Raise `ParseError` for a tag with more attributes than are read."""
    if len(attributes) <= _FEW_ATTRIBUTES_BYTES:
        return
    count = len(_ATTRIBUTE.findall(attributes))
    if count > MOST_ATTRIBUTES:
        raise ParseError(f"an element has {count:,} attributes; at most {MOST_ATTRIBUTES:,} are read")


def _left_open(markup: bytes) -> int:
    """Return how many formatting elements can be open at once, at most."""
    return sum(min(_ALIKE, count) for count in Counter(_FORMATTING_TAG.findall(markup)).values())


def _without_pairs(markup: bytes) -> bytes:
    for _ in range(_NESTED_PAIRS):
        fewer = _PAIR.sub(b"", markup)
        if len(fewer) == len(markup):
            break
        markup = fewer
    return markup
