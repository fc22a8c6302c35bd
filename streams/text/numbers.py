"""The cardinal numbers of a text, in digits and in words: 1,250, 1.5 million, twenty-three, a dozen, trois cents.

Left out are digits that count nothing: ordinals, times, ages ("34-year-old"), ranges and scores ("2-1"), and those
within codes ("G20", "A47"). Offsets are code points.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from streams.text.number_words import ARTICLES, JOINS, SCALES, WORDS

DEFAULT_LANGUAGE: Final = "en"
_DIGITS: Final = re.compile(
    r"(?<![\w#@/:+.,\u2013-])(?:\d{1,3}(?:(?P<group>[,.'\u2019\u00a0\u202f])\d{3})(?:(?P=group)\d{3})*|\d+)"
    r"(?P<decimals>[.,]\d+)?(?![\d:/])"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_SUFFIX: Final = re.compile(r"[^\W_]+")
_SHORT_SCALES: Final = {"k": 10**3, "m": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, "mn": 10**6, "mln": 10**6}
_CURRENCIES: Final = "$\u00a3\u20ac\u00a5\u20b9"
_NEXT_WORD: Final = re.compile(r"[\s\u00a0-]+([^\W\d_]+)")
_COMPOUND: Final = re.compile(r"-[^\W\d_]")
_CLOCK: Final = re.compile(r"\s?(?:[ap]\.?m\b|uhr\b|gmt\b|bst\b|est\b|h\d\d)", re.IGNORECASE)
_HUNDRED: Final = 100


class Number(NamedTuple):
    """A cardinal number where it stands."""

    value: int | float
    start: int
    end: int


def numbers(text: str, language: str = DEFAULT_LANGUAGE) -> list[Number]:
    """Return the numbers of a text in the order in which they stand; an unknown language is read as English."""
    if language not in WORDS:
        language = DEFAULT_LANGUAGE
    found = [*_in_digits(text, language), *_in_words(text, language)]
    found.sort(key=lambda number: number.start)
    return found


def _in_digits(text: str, language: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        value = _value(match, language)
        scale, end = _scale_after(text, start, end, language)
        if end == match.end() and (_SUFFIX.match(text, end) or _COMPOUND.match(text, end)):
            continue
        if text[end : end + 1] in {"-", "\u2013"} and text[end + 1 : end + 2].isdigit():
            continue
        if not _CLOCK.match(text, end):
            yield Number(_whole(value * scale), start, end)


def _value(match: re.Match[str], language: str) -> int | float:
    digits, group, decimals = match[0], match["group"], match["decimals"]
    whole = digits[: len(digits) - len(decimals or "")]
    if group == "." and language == "en" and whole.count(".") == 1 and not decimals:
        return float(whole)
    if group == "," and language != "en" and whole.count(",") == 1 and not decimals:
        return float(whole.replace(",", "."))
    whole = re.sub(r"\D", "", whole)
    return float(f"{whole}.{decimals[1:]}") if decimals else int(whole)


def _scale_after(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Return what multiplies a number in digits, and where that ends."""
    suffix = _SUFFIX.match(text, end)
    if suffix:
        before = text[max(0, start - 2) : start].rstrip()
        scale = _SHORT_SCALES.get(suffix[0].lower(), 0)
        long_enough = len(suffix[0]) > 1
        if scale and (long_enough or before[-1:] in set(_CURRENCIES)):
            return scale, suffix.end()
        return 1, end
    word = _NEXT_WORD.match(text, end)
    if word:
        lowered = word[1].lower()
        scale = SCALES[language].get(lowered, 0)
        if scale:
            return scale, word.end()
        if lowered == "m" and text[max(0, start - 2) : start].rstrip()[-1:] in set(_CURRENCIES):
            return 10**6, word.end()  # tokenised text parts the letter from its number
    return 1, end


def _in_words(text: str, language: str) -> Iterator[Number]:
    words, scales = WORDS[language], SCALES[language]
    join, articles = JOINS[language], ARTICLES[language]
    run: list[tuple[str, int, int]] = []
    joined = -1  # where an "and" after the run ends
    for match in _WORD.finditer(text):
        word = match[0].lower()
        start, end = match.span()
        gap = text[max(run[-1][2], joined) : start] if run else ""
        if word in words or word in scales:
            if run and not gap.strip(" -\u00a0"):
                run.append((word, start, end))
            else:
                yield from _read(text, run, language)
                run = [(word, start, end)] if word in words or _article_before(text, start, articles) else []
            joined = -1
        elif run and word == join and joined < 0 and not gap.strip():
            joined = end
        elif run:
            yield from _read(text, run, language)
            run, joined = [], -1
    yield from _read(text, run, language)


def _article_before(text: str, start: int, articles: frozenset[str]) -> bool:
    return text[max(0, start - 8) : start].lower().rstrip().rpartition(" ")[2] in articles


def _read(text: str, run: list[tuple[str, int, int]], language: str) -> Iterator[Number]:
    """Yield the numbers of neighbouring number words: "two hundred and five" is one, "one, two" are two."""
    total = current = 0
    begin: int | None = None
    last = 0
    words, scales = WORDS[language], SCALES[language]
    for word, start, end in run:
        scale = scales.get(word)
        if scale:
            if scale <= _HUNDRED:
                current = max(current, 1) * scale
            else:
                total += max(current, 1) * scale
                current = 0
        else:
            value = words[word]
            joined = _joined(current, value, language)
            if begin is not None and joined is None:
                yield from _checked(text, total + current, begin, last)
                total, begin, joined = 0, None, value
            current = value if joined is None else joined
        begin = start if begin is None else begin
        last = end
    if begin is not None:
        yield from _checked(text, total + current, begin, last)


def _joined(current: int, value: int, language: str) -> int | None:
    """Return what two number words in a row make together, or None where they are two numbers."""
    if language == "fr" and current % _HUNDRED == 4 and value == 20:  # noqa: PLR2004  (quatre-vingts)
        return current + 76
    if current == 0:
        return value
    if current % _HUNDRED == 0 and value < _HUNDRED <= current:
        return current + value
    tens = current % _HUNDRED
    most = 20 if language == "fr" and tens in {60, 80} else 10
    return current + value if tens % 10 == 0 and tens >= 20 and 0 < value < most else None  # noqa: PLR2004


def _checked(text: str, value: int, start: int, end: int) -> Iterator[Number]:
    if not _COMPOUND.match(text, end) and text[start - 1 : start] not in {"-", "\u2013"}:
        yield Number(value, start, end)


def _whole(value: float) -> int | float:
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded
