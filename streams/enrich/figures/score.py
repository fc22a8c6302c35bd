"""Scores of games: "won 2-1", "Rams 54, Chiefs 51", "IND 264/4 (40 overs)"; not votes, ages, ranges, or seasons."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple


class Score(NamedTuple):
    """The points of two sides, in the order of the text."""

    points: tuple[int, int]
    start: int
    end: int


_PAIR: Final = re.compile(
    r"(?<![\w$\u00a3\u20ac/.,:\u2013-])(\d{1,3})(?:\s?[-\u2013\u2010\u2011]\s?|:)(\d{1,3})(?![\w%/:\u2013-]|[.,]\d|"
    r"\s?(?:%|per ?cent|metres|miles|years?|"
    r"minutes|days|hours|people|months|weeks|pounds|euros|jahre|ans|a[\u00f1n]os|anni)\b)"
)
_CRICKET: Final = re.compile(r"(?<![\w./-])(\d{1,3})/(\d{1,2})(?![\w/]|\.\d)")
_CRICKET_WORDS: Final = ("overs", "wicket", "innings", "batsman", "batter", "runs")
_NAME: Final = r"[A-Z\u00c0-\u00dc][\w'\u2019.]*(?: [A-Z\u00c0-\u00dc][\w'\u2019.]*){0,2}"
_NAMED: Final = re.compile(rf"(?<!\w){_NAME} (\d{{1,3}}), {_NAME} (\d{{1,3}})(?=[.;!)\n]|$)")
# One of these makes two numbers with a dash a score. In a language without one of them only names on both sides do.
_SPORT: Final = re.compile(
    r"\b(?:won|wins?|winning|winner|beat(?:s|en|ing)?|lost|lose[sd]?|losing|draws?|drew|drawn|defeat(?:s|ed|ing)?|"
    r"goals?|scor(?:e|es|ed|ing|er|ers)|match|game|half[- ]time|full[- ]time|lead(?:s|ing)?|led|trail(?:s|ed|ing)?|"
    r"penalt(?:y|ies)|"
    r"equali[sz]\w+|victory|league|cup|fixture|kick[- ]off|aggregate|sets?|rout|thrash(?:ed|ing)?|held|down|up|frame|"
    r"test|"
    r"session|over|stumps|tie|innings|visitors|hosts|tor|tore|sieg|siegt\w*|gewann|verlor|spiel|but|buts|victoire|"
    r"match nul|gol|goles|vittoria|partita|partido|gana|gan\u00f3|venci\u00f3|vince|vinto|battuto)\b",
    re.IGNORECASE,
)
_NO_SPORT: Final = re.compile(
    r"\b(?:vot(?:e|es|ed|ing)|ruling|ruled|senate|parliament|court|justices?|aged|ages|seasons?|resolution|a\.?m\.?|"
    r"p\.?m\.?|pages?|\w*stimmen|december|january|covid)\b[^.\n]{0,25}$|\b(?:between|under|open|from)\s$",
    re.IGNORECASE,
)
_TEAMS: Final = re.compile(r"[A-Z][\w'\u2019]+ \d{1,2}\s?[-\u2013]\s?\d{1,2} [A-Z][\w'\u2019]")
_SIDES: Final = re.compile(r"[^\W\d_]{3,}\s+$")
_SIDE_AFTER: Final = re.compile(r"\s+[^\W\d_]{3,}")
_NEAR: Final = 160
"""Characters on each side in which a word of sport must stand."""
_SHORT: Final = 60
"""A post this short with names on both sides ("Crawley Town 1-3 Cambridge United") is a score by itself."""


def scores(text: str) -> Iterator[Score]:
    """Yield the text's scores."""
    if "-" in text or "\u2013" in text or ":" in text:
        for match in _PAIR.finditer(text):
            if _is_score(text, match):
                yield _score(match)
    if "/" in text and any(word in text.lower() for word in _CRICKET_WORDS):
        yield from map(_score, _CRICKET.finditer(text))
    if ", " in text:
        for match in _NAMED.finditer(text):
            if _SPORT.search(text):
                points = int(match[1]), int(match[2])
                yield Score(points, match.start(1), match.end(2))


def _is_score(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    if ":" in match[0] and not _clock_like_score(text, match):
        return False
    if _NO_SPORT.search(text, max(0, start - _NEAR), start):
        return False
    sides = bool(_SIDES.search(text, max(0, start - 30), start)) and bool(_SIDE_AFTER.match(text, end))
    if sides and (len(text) <= _SHORT or _TEAMS.search(text, max(0, start - 30), end + 30)):
        return True
    return bool(_SPORT.search(text, max(0, start - _NEAR), end + _NEAR))


def _clock_like_score(text: str, match: re.Match[str]) -> bool:
    """German writes 2:1; with two digits behind the colon it is a time."""
    return len(match[2]) == 1 and bool(
        re.search(r"\b(?:tor|tore|spiel|sieg\w*|gewann\w*|verlor\w*)\b", text, re.IGNORECASE)
    )


def _score(match: re.Match[str]) -> Score:
    return Score((int(match[1]), int(match[2])), *match.span())
