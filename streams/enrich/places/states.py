"""The states of the US by name, postal code and the Associated Press's abbreviations: "Texas", "TX", "Tex."."""

from typing import Final

from streams.enrich.places.gazetteer import Kind, places_named

_SHORT: Final = {
    "ala": "AL", "ariz": "AZ", "ark": "AR", "calif": "CA", "colo": "CO", "conn": "CT", "del": "DE", "fla": "FL",
    "ga": "GA", "ill": "IL", "ind": "IN", "kan": "KS", "ky": "KY", "la": "LA", "md": "MD", "mass": "MA",
    "mich": "MI", "minn": "MN", "miss": "MS", "mo": "MO", "mont": "MT", "neb": "NE", "nev": "NV", "n.h": "NH",
    "n.j": "NJ", "n.m": "NM", "n.y": "NY", "n.c": "NC", "n.d": "ND", "okla": "OK", "ore": "OR", "pa": "PA",
    "r.i": "RI", "s.c": "SC", "s.d": "SD", "tenn": "TN", "tex": "TX", "va": "VA", "vt": "VT", "wash": "WA",
    "w.va": "WV", "wis": "WI", "wyo": "WY", "d.c": "DC",
}  # fmt: skip
_CODES: Final = frozenset(_SHORT.values()) | {"AK", "HI", "ID", "IA", "ME", "OH", "UT", "DC"}
_CODE_LETTERS: Final = 2


def state_of(name: str) -> str | None:
    """Return the postal code of a state by its name, its abbreviation or its code."""
    if len(name) == _CODE_LETTERS and name in _CODES:
        return name
    if name.endswith(".") and (code := _SHORT.get(name[:-1].lower())):
        return code
    return next((k.region for k in places_named(name) if k.kind is Kind.REGION and k.country == "US"), None)
