"""Why an entry was enriched as it was: a line for each thing found, for a person."""

from collections.abc import Iterator

from schemas.entry import Change, Entity, EntityType, Entry, Figure, Place
from streams.enrich.places import metonym
from streams.enrich.places.resolve import candidates_of

_SHOWN_CHARS = 60


def explain_enrichment(entry: Entry) -> Iterator[str]:
    """Yield what each enricher found in the entry, and on what ground."""
    if entry.change is Change.RETRACTED:
        yield f"{entry.entry_id} not enriched: it is retracted"
        return
    yield f"{entry.entry_id} enriched by version {entry.enriched_by}, read as {entry.language or 'English by default'}"
    body = entry.body_text or ""
    named = {place.name for place in entry.places}
    for entity in entry.entities:
        yield f"  {_entity(entity, body, named)}"
    for place in entry.places:
        yield f"  place {place.name}: {_place(place, entry)}"
    for quote in entry.quotes:
        yield f'  quote "{_short(quote.text)}": {quote.speaker or "nobody named in the post"}'
    for figure in entry.figures:
        yield f"  {_figure(figure, body)}"
    if entry.urgency is not None:
        yield f"  urgency {entry.urgency}: {entry.urgency_reason or 'the source gives it'}"
    if entry.is_correction:
        yield "  correction: by the post's wording"
    for error in entry.enrichment_errors:
        yield f"  failed: {error}"


def _entity(entity: Entity, body: str, named: set[str]) -> str:
    said = f'{entity.type.value} {entity.name}: "{entity.text}" at {entity.start}'
    if entity.type is EntityType.PLACE and entity.name not in named and metonym(body, entity.start, entity.end):
        return f"{said}, which stands for a government: no place of the update"
    return said


def _place(place: Place, entry: Entry) -> str:
    if place.latitude is None or place.longitude is None:
        return "no row of its own in the gazetteer"
    where = f"{place.country} {place.latitude:.2f} {place.longitude:.2f}"
    texts = [entity.text for entity in entry.entities if entity.name == place.name] or [place.name]
    for known in (known for text in texts for known in candidates_of(text)):
        if (known.latitude, known.longitude) == (place.latitude, place.longitude):
            others = len(candidates_of(texts[0])) - 1
            size = f" of {known.population:,}" if known.kind == "city" else ""
            return f"{where}, the {known.kind.value} {known.name}{size}, before {others} others of that name"
    return f"{where}, by the coverage's own names"


def _figure(figure: Figure, body: str) -> str:
    bound = f" {figure.bound.value}" if figure.bound else ""
    unit = f" {figure.unit}" if figure.unit else ""
    begin, end = max(0, figure.start - _SHOWN_CHARS // 2), figure.end + _SHOWN_CHARS // 2
    around = " ".join(body[begin:end].split())
    return f'figure {figure.kind.value}{bound} {figure.value}{unit}: "{figure.text}" in "{around}"'


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN_CHARS else f"{flat[: _SHOWN_CHARS - 1]}\u2026"
