"""Words for numbers in five languages, made from their parts: twenty-three, dreiundzwanzig, veintitrés."""

from typing import Final

_HUNDRED: Final = 100
_THOUSAND: Final = 1_000


def _listed(words: str, first: int = 0) -> dict[str, int]:
    return {word: value for value, word in enumerate(words.split(), first) if word != "-"}


def _tens(words: str, first: int = 20) -> dict[str, int]:
    return {word: value for word, value in zip(words.split(), range(first, _HUNDRED, 10), strict=False) if word != "-"}


def _english() -> dict[str, int]:
    units = _listed(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen"
    )
    return units | _tens("twenty thirty forty fifty sixty seventy eighty ninety")


def _german() -> dict[str, int]:
    units = _listed(
        "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
        "siebzehn achtzehn neunzehn"
    )
    tens = _tens("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
    below = dict(units) | tens
    below |= {f"{one}und{ten}": a + b for one, a in units.items() if 0 < a < 10 for ten, b in tens.items()}  # noqa: PLR2004
    words = dict(below)
    for one, value in list(units.items())[1:10]:
        hundred = f"{one}hundert"
        words[hundred] = value * _HUNDRED
        words |= {f"{hundred}{rest}": value * _HUNDRED + more for rest, more in below.items() if more}
    words |= {f"{word}tausend": value * _THOUSAND for word, value in list(words.items()) if value}
    del words["ein"]  # the article
    return words | {"hundert": _HUNDRED, "tausend": _THOUSAND, "dreissig": 30}


def _french() -> dict[str, int]:
    units = _listed("zéro - deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize")
    return (
        units
        | _tens("vingt trente quarante cinquante soixante septante huitante nonante")
        | {"vingts": 20, "cent": _HUNDRED, "mille": _THOUSAND}
    )


def _spanish() -> dict[str, int]:
    units = _listed(
        "cero - dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
        "dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete "
        "veintiocho veintinueve"
    )
    hundreds = "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
    words = (
        units
        | _tens("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30)
        | {"cien": _HUNDRED, "mil": _THOUSAND}
    )
    words |= {word: place * _HUNDRED for place, word in enumerate(hundreds.split(), 1)}
    return words | {word[:-2] + "as": value for word, value in words.items() if word.endswith("cientos")}


def _italian() -> dict[str, int]:
    units = _listed(
        "zero - due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
        "diciassette diciotto diciannove"
    )
    tens = _tens("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
    below = dict(units) | tens
    for ten, value in tens.items():
        for one, more in {**{w: v for w, v in units.items() if v < 10}, "uno": 1, "tré": 3}.items():  # noqa: PLR2004
            below[(ten[:-1] if one[0] in "uo" else ten) + one] = value + more
    words = dict(below) | {"cento": _HUNDRED, "mille": _THOUSAND}
    words |= {f"cento{word}": _HUNDRED + value for word, value in below.items() if value}
    for one, value in units.items():
        if 1 < value < 10:  # noqa: PLR2004
            words[f"{one}cento"] = value * _HUNDRED
    words |= {f"{word}mila": value * _THOUSAND for word, value in list(words.items()) if value}
    return {word: value for word, value in words.items() if word != "sei"} | {"sei": 6}


WORDS: Final = {"en": _english(), "de": _german(), "fr": _french(), "es": _spanish(), "it": _italian()}
# What multiplies the number before it; English also takes a scale alone after "a" ("a dozen", "half a million").
SCALES: Final = {
    "en": {
        "dozen": 12, "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
        "bn": 10**9, "tn": 10**12, "mn": 10**6, "lakh": 10**5, "crore": 10**7,
    },
    "de": {
        "dutzend": 12, "hundert": 100, "tausend": 1_000, "million": 10**6, "millionen": 10**6, "mio": 10**6,
        "milliarde": 10**9, "milliarden": 10**9, "mrd": 10**9, "billionen": 10**12,
    },
    "fr": {
        "douzaine": 12, "cent": 100, "cents": 100, "mille": 1_000, "million": 10**6, "millions": 10**6,
        "milliard": 10**9, "milliards": 10**9,
    },
    "es": {"docena": 12, "mil": 1_000, "millón": 10**6, "millones": 10**6},
    "it": {
        "dozzina": 12, "mila": 1_000, "milione": 10**6, "milioni": 10**6, "miliardo": 10**9, "miliardi": 10**9,
        "mln": 10**6, "mld": 10**9,
    },
}  # fmt: skip
JOINS: Final = {"en": "and", "de": "und", "fr": "et", "es": "y", "it": "e"}
ARTICLES: Final = {"en": frozenset({"a"}), "de": frozenset({"ein", "eine", "einem"}), "fr": frozenset({"un", "une"}),
                   "es": frozenset({"un", "una"}), "it": frozenset({"un", "una"})}  # fmt: skip
