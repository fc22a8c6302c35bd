"""A text as tokens: words in canonical form, each with what it may state: a number, a day, a name, a negation."""

import re
import unicodedata
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from html import unescape
from typing import Final, NamedTuple

from streams.dedupe.notation.typography import plain
from streams.dedupe.same_news.boilerplate import statements
from streams.dedupe.same_news.lexicon import (
    ALIASES,
    AMOUNTS,
    DAYS,
    GRAMMAR,
    MONTHS_BY_PLACE,
    NEGATIONS,
    ORDINALS,
    SCALES,
    TENS,
    UNITS,
)


class TokenKind(IntEnum):
    """What a token is, or may state."""

    GRAMMAR = 0
    WORD = 1
    NAME = 2
    """By its capital, inside a sentence that uses them for names."""
    NUMBER = 3
    DAY = 4
    SCORE = 5
    TIME = 6
    ORDINAL = 7
    NEGATION = 8
    MAYBE = 9
    """A word that may be a name: capitals prove nothing here."""
    CAPITAL = 10
    """The same with a capital, as in a title-case headline."""


FACTS: Final = (TokenKind.NUMBER, TokenKind.DAY, TokenKind.SCORE, TokenKind.TIME, TokenKind.ORDINAL)


class Token(NamedTuple):
    """A word in canonical form, with its kind and the number of its sentence."""

    text: str
    kind: TokenKind
    sentence: int


# Words first, since most are: none of the others begins with a letter but the two that they make room for.
_TOKEN: Final = re.compile(
    r"(?P<word>(?!\bn't\b|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])[^\W\d_]+(?:[.'][^\W\d_]+)*)"
    r"|(?P<time>\b(?:[01]?\d|2[0-3])[:.][0-5]\d\s?(?:[ap]\.?m\b\.?)|\b(?:[01]?\d|2[0-3]):[0-5]\d\b"
    r"|\b(?:1[0-2]|[1-9])\s?[ap]\.?m\b\.?)"
    r"|(?P<score>(?<![\d-])\d{1,3}\s?-\s?\d{1,3}(?![\d-]))"
    r"|(?P<ordinal>\b\d+(?:st|nd|rd|th)\b)"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<symbol>[%$\u00a3\u20ac])"
    r"|(?P<one>[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
    r"|(?P<not>\bn't\b)"
)
_SYMBOLS: Final = {"%": "percent", "$": "dollars", "\u00a3": "pounds", "\u20ac": "euros"}
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text in one notation; credits, datelines and invitations are left out."""
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        text = plain(unicodedata.normalize("NFC", text))
    elif "`" in text:
        text = text.replace("`", "'")
    return statements(text)


def tokenise(said: Sequence[str], first: int = 0) -> list[Token]:
    """Return the tokens of sentences, which are numbered from `first` on."""
    # A single capital in lower-case text proves nothing; a text that uses capitals begins its sentences with them.
    cased = any(next(filter(str.isalpha, sentence), "").isupper() for sentence in said)
    found: list[Token] = []
    for number, sentence in enumerate(said, first):
        found += _of_sentence(sentence, number, cased=cased)
    return found


def _of_sentence(sentence: str, number: int, *, cased: bool) -> list[Token]:
    capital = TokenKind.NAME if cased and _tells_names(sentence) else TokenKind.CAPITAL
    tokens: list[Token] = []
    for match in _TOKEN.finditer(sentence):
        group, raw = match.lastgroup, match[0]
        if group == "word":
            text, kind, upper = _word(raw)
            by_capital = _by_capital(capital if upper else TokenKind.WORD, cased=cased, initial=upper and not tokens)
            if kind is TokenKind.MAYBE:
                _add_by_place(tokens, raw, number, by_capital, sentence[match.end() : match.end() + 4])
            elif text:
                tokens.append(Token(text, by_capital if kind is None else kind, number))
        else:
            tokens.append(_of_group(group, raw, number))
    return tokens


def _of_group(group: str | None, raw: str, number: int) -> Token:
    match group:
        case "number":
            return Token(_value(raw), TokenKind.NUMBER, number)
        case "time":
            return Token(_clock(raw), TokenKind.TIME, number)
        case "score":
            return Token("".join(raw.split()), TokenKind.SCORE, number)
        case "ordinal":
            return Token(f"{int(raw[:-2])}.", TokenKind.ORDINAL, number)
        case "not":
            return Token("not", TokenKind.NEGATION, number)
    return Token(_SYMBOLS.get(raw, raw), TokenKind.WORD, number)


def _by_capital(kind: TokenKind, *, cased: bool, initial: bool) -> TokenKind:
    """Return a word's kind by its capital; at the start of a sentence a capital proves nothing."""
    return TokenKind.MAYBE if initial or not cased else kind


@lru_cache(maxsize=16_384)
def _word(raw: str) -> tuple[str, TokenKind | None, bool]:
    """Return a word in its notation, what it always is, and whether it begins with a capital.

    None: a word or a name, as capitals tell; `MAYBE`: the words around it tell.
    """
    upper = raw[0].isupper()
    word = raw.casefold().strip("'.")
    if word in MONTHS_BY_PLACE or word.endswith("n't") or word == "cannot":
        return word, TokenKind.MAYBE, upper
    word = word.removesuffix("'s")
    if word in GRAMMAR:
        return word, TokenKind.GRAMMAR, upper
    return (word, TokenKind.MAYBE, upper) if word in _SPECIAL else (ALIASES.get(word, word), None, upper)


def _month_by_place(raw: str, before: Sequence[Token], after: str) -> str | None:
    """Return the month if "March" or "May" stands beside a day or a year, or after a word such as "in"."""
    month, introduced = MONTHS_BY_PLACE.get(raw.lower(), _NO_MONTH)
    if month is None:
        return None
    last = before[-1] if before else None
    if last is not None and (last.kind in (TokenKind.NUMBER, TokenKind.ORDINAL) or last.text in introduced):
        return month
    return month if _DAY_FOLLOWS.match(after) else None


def _tells_names(sentence: str) -> bool:
    """Whether capitals mark names: they do not in a title-case headline or a text in capitals."""
    words = [word for word in _LONGER.findall(sentence)[1:] if word.lower() not in GRAMMAR]
    capitals = sum(word[0].isupper() for word in words)
    return capitals * 10 <= len(words) * 7 or len(words) < 4  # noqa: PLR2004


def _add_by_place(tokens: list[Token], raw: str, sentence: int, kind: TokenKind, after: str) -> None:
    word = raw.casefold().strip("'.")
    if month := _month_by_place(raw, tokens, after):
        tokens.append(Token(month, TokenKind.DAY, sentence))
    elif word.endswith("n't") or word == "cannot":
        tokens += (
            Token(word.removesuffix("n't"), TokenKind.GRAMMAR, sentence),
            Token("not", TokenKind.NEGATION, sentence),
        )
    elif (word := word.removesuffix("'s")) in GRAMMAR:
        tokens.append(Token(word, TokenKind.GRAMMAR, sentence))
    elif word in _SPECIAL:
        _add_special(tokens, word, raw, sentence, kind)
    else:
        tokens.append(Token(ALIASES.get(word, word), kind, sentence))


def _add_special(tokens: list[Token], word: str, raw: str, sentence: int, kind: TokenKind) -> None:
    last = tokens[-1] if tokens and tokens[-1].sentence == sentence else None
    if last is not None and last.kind is TokenKind.NUMBER and last.text[0].isdigit():
        if word in SCALES and not (len(raw) == 1 and raw.isupper()):
            tokens[-1] = Token(_plain(float(last.text) * SCALES[word]), TokenKind.NUMBER, sentence)
            return
        if last.text in _ROUND and 0 < UNITS.get(word, 0) < 10:  # noqa: PLR2004
            tokens[-1] = Token(_plain(float(last.text) + UNITS[word]), TokenKind.NUMBER, sentence)
            return
    if word == "cent" and last is not None and last.text == "per":
        tokens[-1] = Token("percent", TokenKind.WORD, sentence)
    else:
        text, stated = _STATED.get(word) or (word, kind)
        tokens.append(Token(text, stated, sentence))


_NO_MONTH: Final[tuple[str | None, frozenset[str]]] = (None, frozenset())
_DAY_FOLLOWS: Final = re.compile(r"\.? \d")
_LONGER: Final = re.compile(r"[^\W\d_]{4,}")
_ROUND: Final = frozenset(str(value) for value in range(20, 100, 10))
_STATED: Final[dict[str, tuple[str, TokenKind]]] = {
    **{word: (word, TokenKind.NEGATION) for word in NEGATIONS},
    **{word: (day, TokenKind.DAY) for word, day in DAYS.items()},
    **{word: (f"{place}.", TokenKind.ORDINAL) for word, place in ORDINALS.items()},
    **{word: (amount, TokenKind.NUMBER) for word, amount in AMOUNTS.items()},
    **{word: (str(value), TokenKind.NUMBER) for word, value in {**UNITS, **TENS}.items()},
}
_SPECIAL: Final = frozenset({*SCALES, *_STATED})


def _value(raw: str) -> str:
    if raw.isdigit():
        return raw.lstrip("0") or "0"
    if _THOUSANDS.fullmatch(raw):
        return raw.replace(",", "").replace(".", "")
    whole, _, rest = raw.replace(",", ".").partition(".")
    return _plain(float(f"{whole}.{rest.replace('.', '') or '0'}"))


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _clock(raw: str) -> str:
    hour, *rest = (int(number) for number in re.findall(r"\d+", raw))
    if "p" in raw.lower() and hour < 12:  # noqa: PLR2004
        hour += 12
    elif "a" in raw.lower() and hour == 12:  # noqa: PLR2004
        hour = 0
    return f"{hour}:{rest[0] if rest else 0:02}"
