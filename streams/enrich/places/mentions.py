"""Where a post names places: its entities that are places, and the towns of local bodies ("Norfolk Police")."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from schemas.entry import Entity, EntityType
from streams.enrich.places.gazetteer import Kind, places_named
from streams.text.listed import listed

_LOCAL: Final = listed(
    "police council hospital court fire sheriff sheriff's school university airport constabulary fire-brigade coroner "
    "infirmary college cathedral prison zoo museum harbour port courthouse township ambulance coastguard library "
    "department county city state assembly legislature board commission district division bureau authority parish mayor"
)
_LONGEST_NAME_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of a place where it stands."""

    name: str
    text: str
    start: int
    end: int


def mentions_of(entities: Sequence[Entity]) -> list[Mention]:
    """Return the places that entities name, as they stand in the post."""
    found = []
    for entity in entities:
        if entity.type is EntityType.PLACE:
            found.append(Mention(entity.name, entity.text, entity.start, entity.end))
        elif entity.type is EntityType.ORGANISATION and (town := _town(entity.text)):
            found.append(Mention(town, town, entity.start, entity.start + len(town)))
    return found


def _town(body: str) -> str | None:
    """Return the place that a local body's name begins with."""
    words = body.split(" ")
    if not any(word.lower() in _LOCAL for word in words[1:]):
        return None
    for count in range(min(_LONGEST_NAME_WORDS, len(words) - 1), 0, -1):
        name = " ".join(words[:count])
        # A country's bodies act everywhere: "US Department of State" tells of no place.
        if name[:1].isupper() and any(known.kind in {Kind.CITY, Kind.REGION} for known in places_named(name)):
            return name
    return None
