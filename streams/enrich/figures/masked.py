"""A text in lower case in which a number is one mark of the same length: offsets stay, and patterns are short."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from streams.text.numbers import Number, numbers

MARK: Final = "\ue000"
_FILL: Final = "\ue001"
NUMBER: Final = f"{MARK}{_FILL}*+"


@dataclass(frozen=True, slots=True)
class Masked:
    """A text and its numbers."""

    text: str
    original: str
    at: Mapping[int, Number]
    """A number by the place where its mark begins."""


def masked(text: str, language: str) -> Masked | None:
    """Return the text with its numbers masked, or None if it has none."""
    found = numbers(text, language)
    if not found:
        return None
    lowered = lower(text)
    parts, last = [], 0
    for number in found:
        parts += [lowered[last : number.start], MARK, _FILL * (number.end - number.start - 1)]
        last = number.end
    parts.append(lowered[last:])
    return Masked("".join(parts), text, {number.start: number for number in found})


def lower(text: str) -> str:
    """Return the text in lower case, letter for letter: of a few letters the small form is longer."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join([small if len(small := letter.lower()) == 1 else letter for letter in text])
