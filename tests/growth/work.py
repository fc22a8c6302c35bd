"""The work whose growth is measured: reading a document in a format, and what the deduplication does with a text."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from schemas import Coverage, Document, Post, Source
from streams.dedupe import Memory
from streams.dedupe.notation.canonical import canonical
from streams.dedupe.revision.correction import is_correction
from streams.dedupe.same_news.boilerplate import statements
from streams.dedupe.same_news.similarity import compare, compared_text
from streams.dedupe.thresholds import Thresholds
from streams.exceptions import ParseError
from streams.parse import format_names, parse
from streams.parse.html.safe import safe_html
from tests.growth.constructs import Place, places_of
from tests.growth.seeds import seeds_of
from tests.growth.units import MARKUP, TEXT, grown

RECEIVED: Final = datetime(2024, 5, 2, 18, tzinfo=UTC)
TYPES: Final = {
    ".json": "application/json", ".xml": "application/xml", ".html": "text/html", ".txt": "text/plain",
    ".csv": "text/csv",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Something that grows: what reads it, at which place, by which unit."""

    reader: str
    place: str
    unit: str
    prepare: Callable[[int], Callable[[], object]]
    """The work for a size in bytes; what it works on is made beforehand."""

    def __str__(self) -> str:
        return f"{self.reader} | {self.place} | {self.unit[:60]!r}"


def cases_of_format(name: str) -> Iterator[Case]:
    """Yield each place of a format's documents with each unit that may grow there."""
    for suffix, body in seeds_of(name):
        for place in places_of(suffix, body):
            for unit in place.units:
                yield Case(name, f"{suffix} {place.name}", unit, _reading(name, suffix, place, unit))


def cases_of_texts() -> Iterator[Case]:
    """Yield each function of the deduplication that a text goes into with each unit of text."""
    for name, work in _TEXTS.items():
        for unit in (*TEXT, *(MARKUP if name == "canonical" else ())):
            yield Case(f"dedupe: {name}", "the text", unit, _telling(work, unit))


def warm_up() -> None:
    """Read each format once: what parsers load at their first use is no growth."""
    for name in format_names():
        for suffix, body in seeds_of(name):
            _read(_document(name, suffix, body))()
    for work in _TEXTS.values():
        work("Two people were hurt in a fire on the quay.")


def _reading(name: str, suffix: str, place: Place, unit: str) -> Callable[[int], Callable[[], object]]:
    return lambda size: _read(_document(name, suffix, place.filled(unit, size)))


def _telling(work: Callable[[str], object], unit: str) -> Callable[[int], Callable[[], object]]:
    def prepare(size: int) -> Callable[[], object]:
        text = grown(unit, size)

        def tell() -> object:
            with suppress(ParseError):
                return work(text)
            return None

        return tell

    return prepare


def _document(name: str, suffix: str, body: bytes) -> Document:
    return Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type=TYPES[suffix],
        body=body,
        format=name,
    )


def _read(document: Document) -> Callable[[], object]:
    source = Source(id="evening-post")

    def read() -> object:
        with suppress(ParseError):
            return parse(document, source)
        return None

    return read


def _post(text: str, number: int = 0) -> Post:
    return Post(id=f"p{number}", headline="Fire at Marrow Quay", body_text=text, published_at=RECEIVED)


def _decided(text: str) -> object:
    memory, coverage = Memory(), Coverage(id="harbour-fire")
    draft = memory.draft()
    for number, said in enumerate((text, f"{text} and 7 more.", text[: len(text) // 2])):
        document = _of_source(number)
        draft.decide(document, Source(id=f"s{number}"), coverage, [_post(said, number)], snapshot=False)
    return draft.decide(_of_source(0), Source(id="s0"), coverage, [_post(f"{text} 8")], snapshot=False)


def _of_source(number: int) -> Document:
    """Return the document of a source by number."""
    return _document("post", ".json", b"-").model_copy(update={"id": f"d{number}", "source_id": f"s{number}"})


def _compared(text: str) -> object:
    return compare(compared_text(_post(text)), compared_text(_post(f"Not {text} 7")), Thresholds())


_TEXTS: Final[dict[str, Callable[[str], object]]] = {
    "statements": statements,
    "tokens and signature": lambda text: (compared_text(_post(text)).said, compared_text(_post(text)).signature),
    "canonical": lambda text: canonical(_post(text).model_copy(update={"body_html": safe_html(text)})),
    "correction": lambda text: is_correction(_post(text)),
    "similarity and facts": _compared,
    "a decision": _decided,
}
