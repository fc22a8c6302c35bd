"""What pieces of a page became is remembered, and changes nothing: the posts are those of a page that is read anew."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import Parsed, PieceMemory, parse
from streams.parse.payload.payload import Payload
from streams.parse.payload.pieces import Pieces, piece_of
from tests.unit.parse.pages import REAL, RECEIVED, SAMPLES, TYPES

_WORD = re.compile(rb"(?<=[ >])[a-z]{4,12}(?=[ <,.])|(?<=[T ])\d\d:\d\d|(?<=datetime=\")[^\"]+")
_EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from([b"changed", b"12:34", b"3 min ago", b"", b"<b>x</b>"])), max_size=4
)
_PAGES = sorted(path for path in SAMPLES.rglob("*.html"))
_REAL_PAGES = sorted(REAL.rglob("*.html"))


def _document(path: Path, body: bytes, at: datetime, url: str | None = None) -> Document:
    return Document(
        id="d", source_id="evening-post", coverage_id="fire", received_at=at, url=url,
        content_type=TYPES[path.suffix], body=body,
    )  # fmt: skip


def _parsed(document: Document, memory: PieceMemory | None, timezone: str = "UTC") -> Parsed | str:
    try:
        return parse(document, Source(id="evening-post", timezone=timezone), memory=memory)
    except ParseError as error:
        return str(error)


def _edited(body: bytes, edits: list[tuple[float, bytes]]) -> bytes:
    for place, new in edits:
        words = list(_WORD.finditer(body))
        if words:
            at = words[int(place * (len(words) - 1))]
            body = body[: at.start()] + new + body[at.end() :]
    return body


def _check(path: Path, polls: list[list[tuple[float, bytes]]]) -> None:
    body, at, memory = path.read_bytes(), RECEIVED, PieceMemory()
    for number, edits in enumerate(polls):
        body = _edited(body, edits)
        at += timedelta(minutes=17 * number)
        # Now and then the source's settings or the page's address change as well.
        zone, url = ("UTC", "Europe/Rome")[number % 5 == 4], (None, "https://example.org/live")[number % 4 == 3]
        document = _document(path, body, at, url)

        assert _parsed(document, memory, zone) == _parsed(document, None, zone)


@pytest.mark.parametrize("path", _PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
@settings(max_examples=8)
@given(polls=st.lists(_EDITS, min_size=2, max_size=6))
def test_the_posts_of_a_polled_page_are_those_of_a_page_read_anew(
    path: Path, polls: list[list[tuple[float, bytes]]]
) -> None:
    """Whatever is edited between two polls, and whenever they are."""
    _check(path, polls)


@pytest.mark.real_data
@pytest.mark.parametrize("path", _REAL_PAGES, ids=lambda path: path.name)
@settings(max_examples=4)
@given(polls=st.lists(_EDITS, min_size=2, max_size=5))
def test_collected_pages_too(path: Path, polls: list[list[tuple[float, bytes]]]) -> None:
    """The same over collected pages."""
    _check(path, polls)


def test_a_post_that_did_not_change_is_not_read_again() -> None:
    """Of a page with one edit, the other posts are the very objects of the poll before."""
    memory = PieceMemory()
    posts = [
        f'<article id="p{n}"><time datetime="2024-05-01T12:0{n}:00Z">12:0{n}</time><h3>Fire {n}</h3>'
        f"<p>A hall burns on quay {n}, and everybody is out of it, the fire brigade says.</p></article>"
        for n in range(4)
    ]
    pages = [
        f"<!doctype html><body><main>{''.join(each)}</main>" for each in (posts, [*posts[:3], posts[3] + "<b>!</b>"])
    ]
    pages[1] = pages[1].replace("quay 2", "quay 9")
    path = Path("x.html")
    first, again = (
        parse(_document(path, page.encode(), RECEIVED), Source(id="evening-post"), memory=memory).posts
        for page in pages
    )

    assert [one is other for one, other in zip(first, again, strict=True)] == [True, True, False, True]


def test_what_depends_on_the_moment_is_read_again() -> None:
    """A reading that asked when the document was received is never kept."""
    document, memory = _document(Path("x.html"), b"<p>", RECEIVED), PieceMemory()
    readings = iter((1, 2, 3, 4))

    def read(payload: Payload, *, asks: bool) -> int:
        return next(readings) if not asks or payload.received_at else 0

    payloads = [Payload(document, Source(id="evening-post"), memory=memory) for _ in range(4)]
    kept = [payload.again(b"kept", lambda p=payload: read(p, asks=False)) for payload in payloads[:2]]  # type: ignore[misc]
    asked = [payload.again(b"asked", lambda p=payload: read(p, asks=True)) for payload in payloads[2:]]  # type: ignore[misc]

    assert (kept, asked) == ([1, 1], [2, 3])


def test_the_memory_is_bounded() -> None:
    """Pieces of the page before the last one go, and so do sources beyond the bound, the longest unseen first."""
    memory = PieceMemory()
    for number in range(100):
        memory.of(f"source-{number}", "as it was").put(b"a", number)
    pieces = memory.of("source-99", "as it was")
    kept = pieces.get(b"a")
    others: list[Pieces] = [memory.of(f"source-{number}", "as it was") for number in (98, 0)]
    memory.of("source-98", "as it was")

    assert kept == 99
    assert [len(each) for each in others] == [0, 0]
    assert len(memory.of("source-99", "changed")) == 0


def test_a_piece_is_known_by_all_its_parts() -> None:
    """Where one part ends and the next begins is part of the piece."""
    assert (
        len({piece_of("ab", "c"), piece_of("a", "bc"), piece_of("abc"), piece_of("abc", None), piece_of("abc", "")})
        == 5
    )
