"""Money, shares and magnitudes: numbers with a unit beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from schemas.entry import FigureKind
from streams.enrich.figures.masked import NUMBER, Masked
from streams.enrich.figures.words import LEXICONS

_SIGNS: Final = {
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD",
    "r$": "BRL", "$": "USD", "\u00a3": "GBP", "\u20ac": "EUR", "\u00a5": "JPY", "\u20b9": "INR", "rs": "INR",
    "rs.": "INR",
    "usd": "USD", "eur": "EUR", "gbp": "GBP", "chf": "CHF", "aud": "AUD", "cad": "CAD", "inr": "INR", "jpy": "JPY",
}  # fmt: skip
# A plain dollar is the one of the coverage's country.
_DOLLARS: Final = {"AU": "AUD", "CA": "CAD", "NZ": "NZD", "SG": "SGD", "HK": "HKD", "US": "USD"}
_MAGNITUDES: Final = (0.1, 10.0)
_RICHTER: Final = "richter"


class Amount(NamedTuple):
    """A number with its unit and the stretch that both take."""

    kind: FigureKind
    number: int
    start: int
    end: int
    unit: str | None


@dataclass(frozen=True, slots=True)
class _Patterns:
    sign: re.Pattern[str]
    currency: re.Pattern[str]
    share: re.Pattern[str]
    magnitude: re.Pattern[str]
    magnitude_word: re.Pattern[str]


@cache
def _patterns(language: str) -> _Patterns:
    words = LEXICONS[language]
    lettered = "|".join(sorted((re.escape(sign) for sign in _SIGNS if sign[0].isalpha()), key=len, reverse=True))
    symbols = "".join(sign for sign in _SIGNS if len(sign) == 1)
    currencies = "|".join(sorted(words.currencies, key=len, reverse=True))
    return _Patterns(
        sign=re.compile(rf"(?P<sign>(?<![\w$])(?:{lettered})|[{symbols}])\s?(?P<number>{NUMBER})"),
        currency=re.compile(
            rf"(?P<number>{NUMBER})\s?(?:us |u\.s\. |de |d'|di |(?P<sign>[\u20ac\u00a3$])|)"
            rf"(?P<word>{currencies})?(?!\w)"
        ),
        share=re.compile(rf"(?P<number>{NUMBER})\s?(?:{words.percent})(?!\w)(?!\s?(?:age )?points?)"),
        magnitude=re.compile(
            rf"(?:{words.magnitude})(?:\s+(?:of|von|de|di|preliminary|scale|earthquake|:))*\s+(?P<number>{NUMBER})"
        ),
        magnitude_word=re.compile(
            rf"(?P<number>{NUMBER})[\s-]+(?:(?:on|auf|sur|en|sulla|de|di|grados|gradi)\s+)?(?:the|der|l'|la)?\s*(?:{words.magnitude})"
        ),
    )


def amounts(masked: Masked, language: str, country: str | None) -> Iterator[Amount]:
    """Yield the text's money, shares and magnitudes."""
    text, patterns = masked.text, _patterns(language)
    taken: set[int] = set()
    for match in patterns.sign.finditer(text):
        sign = match["sign"]
        taken.add(match.start("number"))
        yield Amount(FigureKind.MONEY, match.start("number"), match.start(), match.end(), _unit(sign, country))
    for match in patterns.currency.finditer(text):
        unit = LEXICONS[language].currencies.get(match["word"] or "") or _SIGNS.get(match["sign"] or "")
        if unit and match.start() not in taken:
            yield Amount(FigureKind.MONEY, match.start(), match.start(), match.end(), unit)
    for match in patterns.share.finditer(text):
        yield Amount(FigureKind.SHARE, match.start(), match.start(), match.end(), "percent")
    for pattern in (patterns.magnitude, patterns.magnitude_word):
        for match in pattern.finditer(text):
            number = masked.at[match.start("number")]
            if _MAGNITUDES[0] <= number.value <= _MAGNITUDES[1]:
                unit = _RICHTER if _RICHTER in text else None
                yield Amount(FigureKind.MAGNITUDE, number.start, number.start, number.end, unit)


def _unit(sign: str, country: str | None) -> str:
    return _DOLLARS.get(country or "", "USD") if sign == "$" else _SIGNS[sign]
