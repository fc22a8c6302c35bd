"""A dead letter fits into a message, whatever it is about."""

from datetime import UTC, datetime
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from schemas import Document
from schemas.dead_letter import DeadLetter, Stage
from streams.agents.letters import FIRST_BYTES, letter_record
from streams.record import Record
from streams.testing import FakeRecord

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LIMIT = 200_000


def letter(body: bytes, error: str = "not JSON") -> DeadLetter:
    """Return a letter about a body."""
    document = Document(
        id="d1", source_id="evening-post", coverage_id="harbour-fire", received_at=NOON,
        content_type="text/html", body=body,
    )  # fmt: skip
    return DeadLetter(document=document, stage=Stage.PARSE, error=error, failed_at=NOON)


def size(record: Record) -> int:
    """Return what a record takes, uncompressed."""
    return len(record.key) + len(record.value or b"") + sum(len(n) + len(v or b"") for n, v in record.headers)


def test_what_fits_is_kept_whole() -> None:
    """The body, every header in its order, null ones too, and no word of a part."""
    raw = FakeRecord(0, b"k", b"{half", (("b", None), ("a", b"1"), ("a", b"2")))
    record = letter_record("letters", letter(b"{half"), raw, NOON, LIMIT)

    assert (record.key, record.value) == (b"harbour-fire", b"{half")
    assert record.headers[:3] == raw.headers
    assert not any(name.startswith("liveline-body") for name, _ in record.headers)


def test_a_part_of_a_document_is_cut_by_its_own_size() -> None:
    """A bad part of 300 kB says its own size and hash."""
    part = b"x" * 300_000
    record = letter_record("letters", letter(part), FakeRecord(0, b"k", b"whole", ()), NOON, LIMIT)
    headers = dict(record.headers)

    assert part.startswith(record.value or b"-")
    assert headers["liveline-body-bytes"] == b"300000"
    assert headers["liveline-body-sha256"] == sha256(part).hexdigest().encode()


SIZES = st.integers(0, LIMIT)


@given(st.integers(0, 3 * LIMIT), st.lists(SIZES, max_size=20), SIZES, st.integers(0, 20_000))
def test_every_letter_fits(body: int, headers: list[int], key: int, error: int) -> None:
    """However large the body, the headers, the key and the error are."""
    own = tuple((f"x-{number}", b"v" * length) for number, length in enumerate(headers))
    raw = FakeRecord(0, b"k" * key, b"b" * body, own)
    about = letter(b"b" * body, "e" * error)
    record = letter_record("letters", about, raw, NOON, LIMIT)

    assert size(record) <= LIMIT
    assert len(record.value or b"") in {body, min(FIRST_BYTES, LIMIT * 3 // 4), min(body, LIMIT * 3 // 4)}


def test_a_letters_error_is_bounded_and_can_be_written() -> None:
    """Errors quote the input: megabytes of it, or half characters."""
    record = letter_record("letters", letter(b"", "\ud800" + "x" * 1_000_000), None, NOON, LIMIT)
    error = dict(record.headers)["liveline-error"] or b""

    assert error.startswith(b"\\ud800xxx")
    assert len(error) < 5_000
