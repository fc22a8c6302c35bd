"""The last resort: a text without time lines is one post, as a producer pushes a single update."""

import re
from typing import Final

from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.lines.body import read_body
from streams.parse.lines.headlines import looks_like_headline
from streams.parse.lines.lines import is_hard_wrapped, read_lines, unwrap
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser

_SENTENCE: Final = re.compile(r"\w[\"'”’)]?[.!?。।؟][\"'”’)]?(?:\s|$)")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_FEWEST_WORDS: Final = 12
_WORDED_SHARE: Final = 0.75


def _is_prose(payload: Payload) -> bool:
    """Whether the text is prose rather than a log, a table or noise: what cannot be recognised is refused."""
    if payload.media_type not in ("text/plain", "text/markdown"):
        return False
    if payload.looks_like_json or payload.looks_like_xml or payload.looks_like_html:
        return False
    sample = payload.text[:5_000]
    worded = sum(1 for character in sample if character.isalpha() or character.isspace())
    return (
        len(sample.split()) >= _FEWEST_WORDS
        and worded >= _WORDED_SHARE * len(sample)
        and _SENTENCE.search(sample) is not None
        and not _CONTROL.search(sample)
    )


@parser("text", looks_like=_is_prose, rank=99)
def parse_prose(payload: Payload) -> Parsed:
    """Read the whole text as one post; a first line that stands alone and reads as a headline is one."""
    lines = read_lines(payload.text)
    if not lines:
        raise ParseError("the text has no line to read")
    if is_hard_wrapped(lines):
        lines = unwrap(lines)
    headline = None
    if len(lines) > 1 and lines[1].after_blank and looks_like_headline(lines[0].text):
        headline, lines = lines[0].text, lines[1:]
    body = read_body(lines, compact=False)
    return Parsed(
        (build_post(payload, headline=headline, body_text=body.text, media=body.media, authors=body.authors),),
        snapshot=False,
    )
