"""What one language says around a figure; all are regular expressions over lower-cased text."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.entry import FigureKind


@dataclass(frozen=True, slots=True)
class KindWords:
    """The wordings of one kind of figure about people."""

    state: str
    """After the number and its noun: "12 people were KILLED"."""
    noun: str
    """Directly after the number: "12 DEATHS"."""
    act: str
    """Before the number: "KILLING 12"."""
    toll: str
    """Before the number at a distance: "the DEATH TOLL rose from 3 to 12"."""
    hints: tuple[str, ...]
    """One of these is in each of the wordings; looking for them is cheap."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language."""

    kinds: Mapping[FigureKind, KindWords]
    modifiers: str
    """Words before a number that belong to it: at least, a further."""
    link: str
    """Words between a noun and its state: have been, are feared."""
    passive: str
    """Those of the links that make the state something suffered."""
    active_object: str
    """What follows a verb that somebody does to others: "two men killed A driver"."""
    closed: str
    """Words that end the noun's group."""
    of_group: str
    """How a number picks out of a group: "14 OF THOSE taken to hospital"."""
    no_person: str
    """Nouns that are no people, and units: their number is another thing's."""
    most: str
    least: str
    about: str
    after_least: str
    """After the number: "20 or more"."""
    between: str
    negated: str
    hypothetical: str
    planned: str
    """What makes a number of people one to come; an amount that will be paid is one all the same."""
    background: str
    percent: str
    currencies: Mapping[str, str]
    """A word for a currency, to its ISO 4217 code."""
    magnitude: str
