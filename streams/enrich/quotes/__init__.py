"""Quotations and who says them; no scare quotes, titles, chants or single words."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.entry import Entity, EntityType, Entry, Quote
from schemas.newsroom import Coverage
from streams.enrich.quotes.marks import Marked, marked
from streams.enrich.quotes.speaker import Speaker, hidden, speaker_of
from streams.enrich.quotes.speech import VERB
from streams.enrich.registry import Enrichment, enricher
from streams.text.listed import listed

_LONGEST_BODY_CHARS: Final = 20_000
_SENTENCE_WORDS: Final = 5
"""From this many words on, marks in news nearly always hold somebody's words; below, only beside a verb of speech."""
_SHORTEST_WORDS: Final = 2
_MOST_QUOTES: Final = 200
"""More are no update but a hostile text, and each costs a search around it."""
_SMALL_WORDS: Final = listed("a an the of in on for to and or with at by from de la le des du und der die das il")
_LEAD_IN: Final = re.compile(r":[ \t]*\n\s*")
_LEAD_IN_CHARS: Final = 240
_PARAGRAPH: Final = "\n"


@enricher("quotes", rank=40)
def find_quotes(entry: Entry, _: Coverage) -> Enrichment:
    """Return the quotations of the body with their speakers."""
    body = (entry.body_text or "")[:_LONGEST_BODY_CHARS]
    found = tuple(quotes(body, entry.entities))
    return Enrichment(quotes=found) if found else Enrichment()


def quotes(text: str, entities: Sequence[Entity]) -> Iterator[Quote]:
    """Yield the quotations of a text; `entities` give the full names of those who speak."""
    stretches = marked(text)[:_MOST_QUOTES]
    masked = hidden(text, stretches)
    blocks = list(_blocks(text, masked))
    last: str | None = None
    last_end = 0
    for item in sorted([*stretches, *blocks], key=lambda stretch: stretch.start):
        block = item in blocks
        said = _block_speaker(masked, item, entities) if block else speaker_of(masked, item, entities)
        between = text[last_end : item.start]
        if not block and not _is_quote(item, said, text):
            continue
        name = said.name if said else None
        if name is None and (said is not None or (last and between.strip(" \n\t.,'\"\u201c\u201d").count(" ") <= 1)):
            name = _person_before(text, item, entities, last) or last or (said.phrase if said else None)
        elif name is None:
            name = _sole_speaker(text, item, last, last_end)
        yield Quote.model_construct(text=item.text, speaker=name)
        last, last_end = name or last, item.end


def _is_quote(item: Marked, said: Speaker | None, text: str) -> bool:
    if item.words >= _SENTENCE_WORDS:
        return not _is_title(item.text)
    if item.words < _SHORTEST_WORDS or said is None:
        return False
    before = text[max(0, item.start - 40) : item.start - 1]
    after = text[item.end : item.end + 60]
    close = VERB.search(before) or VERB.search(after)
    return bool(close) and not _is_title(item.text)


def _is_title(text: str) -> bool:
    """Return whether all but small words have a capital: a film, a song, a slogan."""
    words = [word for word in re.findall(r"[^\W\d_][\w'\u2019-]*", text) if word.lower() not in _SMALL_WORDS]
    return len(words) > 1 and all(word[0].isupper() for word in words) and text[-1:] not in "!?"


def _person_before(text: str, item: Marked, entities: Sequence[Entity], last: str | None) -> str | None:
    """Return whom a pronoun means: the last person named before, but whoever spoke last if nobody came since."""
    people = [e for e in entities if e.type is EntityType.PERSON and e.end <= item.start]
    if not people:
        later = [e for e in entities if e.type is EntityType.PERSON and e.start >= item.end]
        return last or (later[0].name if later else None)
    if last and any(e.name == last for e in people):
        # The speaker is the subject that goes on; a name in between is most often an object of what was said.
        return last
    return people[0].name if _same_sentence(text, people[0], item) else people[-1].name


def _same_sentence(text: str, entity: Entity, item: Marked) -> bool:
    return "\n" not in text[entity.end : item.start] and ". " not in text[entity.end : item.start]


def _sole_speaker(text: str, item: Marked, last: str | None, last_end: int) -> str | None:
    """Return who spoke last, if the quotation stands in the same paragraph or begins the next one."""
    if last is None:
        return None
    between = text[last_end : item.start]
    return last if between.count(_PARAGRAPH) <= 2 else None  # noqa: PLR2004  (one blank line)


def _blocks(text: str, masked: str) -> Iterator[Marked]:
    """Yield quotations without marks: a paragraph after one that ends with "said:"."""
    for match in _LEAD_IN.finditer(text):
        end = text.find(_PARAGRAPH, match.end())
        start, end = match.end(), len(text) if end < 0 else end
        lead = masked[masked.rfind(_PARAGRAPH, 0, match.start()) + 1 : match.start()]
        block = text[start:end]
        words = block.strip()
        unmarked = masked[start:end] == block and words[:1] not in set('"\u201c\u00ab\u201e')
        if unmarked and len(words.split()) >= _SENTENCE_WORDS and VERB.search(lead[-_LEAD_IN_CHARS:]):
            yield Marked(start, end, words, comma=False, whole=True)


def _block_speaker(masked: str, item: Marked, entities: Sequence[Entity]) -> Speaker | None:
    return speaker_of(masked[: item.start], Marked(item.start, item.start, "", comma=False, whole=True), entities)
