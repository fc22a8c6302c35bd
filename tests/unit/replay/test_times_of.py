"""Records' times without reading all of their JSON: the same as by reading it."""

from dataclasses import dataclass
from typing import Any, cast

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.replay.source import Source, UnreadableError, reader_of, times_of


@dataclass
class _Value:
    """As much of a message as an entry's time needs."""

    body: bytes | None

    def value(self) -> bytes | None:
        """Return its value."""
        return self.body


def both(source: Source, body: bytes | None) -> tuple[object, object]:
    """Return what the whole JSON says, and what the quick way does; an error by its words."""
    message = cast("Any", _Value(body))
    try:
        slow: object = reader_of(source)(message).time
    except UnreadableError as error:
        slow = str(error)
    (quick,) = times_of(source, [message])
    return slow, str(quick) if isinstance(quick, UnreadableError) else quick


TIMES = (
    "2026-05-01T12:00:00Z", "2026-05-01T12:00:00.123456Z", "2026-05-01T14:00:00+02:00", "2026-05-01T12:00:00",
    "2026-05-01", "2026-05-01 12:00:00Z", "2026-05-01t12:00:00z", "20260501T120000Z",
    "2026-13-01T12:00:00Z", "2026-05-01T24:00:00Z", "2026-05-01T23:59:60Z", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "soon", "", 5, None, True, 1777636800.5, [], {},
)  # fmt: skip


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize(("source", "field"), [(Source.ENTRIES, "received_at"), (Source.ALERTS, "at")])
def test_a_time_is_what_the_whole_json_says(source: Source, field: str, time: object) -> None:
    """However it is written; what is none is refused in the same words."""
    slow, quick = both(source, orjson.dumps({"headline": "x", field: time, "media": [{field: "2020-01-01T00:00:00Z"}]}))

    assert quick == slow


@pytest.mark.parametrize(
    "body",
    [
        None,
        b"",
        b"no JSON",
        b"[]",
        b"5",
        b"{}",
        b'{"received_at":"2026-05-01T12:00:00Z"',
        b'{"received_at":"2026-05-01T12:00:00Z"} {}',
        b'{"received_at":"2026-05-01T12:00:00Z","a":[1,}',
        b'{"a":{"received_at":"2026-05-01T12:00:00Z"}}',
        b'{"a":"\\"received_at\\":\\"2020-01-01T00:00:00Z\\"","received_at":"2026-05-01T12:00:00Z"}',
        b'{"received_at":"2020-01-01T00:00:00Z","received_at":"2026-05-01T12:00:00Z"}',
        b'{"received_\\u0061t":"2026-05-01T12:00:00Z"}',
        b'{\n "received_at": "2026-05-01T12:00:00Z"\n}\n',
    ],
)
def test_what_is_no_entry_is_refused_in_the_same_words(body: bytes | None) -> None:
    """Broken JSON is found although nothing of it is kept; only a time of the entry's own counts."""
    slow, quick = both(Source.ENTRIES, body)

    assert quick == slow


@given(
    st.dictionaries(
        st.sampled_from(["received_at", "headline", "media", "at"]),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.text(), st.datetimes().map(str)),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=8,
        ),
    )
)
def test_whatever_an_entry_holds_the_time_is_the_same(entry: dict[str, object]) -> None:
    """Nested, missing, or of another type."""
    slow, quick = both(Source.ENTRIES, orjson.dumps(entry))

    assert quick == slow
