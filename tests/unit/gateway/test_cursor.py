"""Cursors: opaque to clients, exact to us."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.gateway.delivery.cursor import CursorError, decode_cursor, encode_cursor, log_tag

TAG = log_tag("cluster/topic")
positions = st.dictionaries(st.integers(0, 5000), st.integers(0, 2**62), max_size=40)


@given(positions)
def test_a_cursor_gives_back_its_position(position: dict[int, int]) -> None:
    """What was encoded is decoded, and the same position is always the same cursor."""
    cursor = encode_cursor(TAG, position)

    assert decode_cursor(TAG, cursor) == position
    assert encode_cursor(TAG, dict(sorted(position.items(), reverse=True))) == cursor
    assert cursor.isascii()
    assert cursor.isprintable()


@given(positions, st.data())
def test_a_damaged_cursor_is_refused(position: dict[int, int], data: st.DataObject) -> None:
    """Not one changed, missing or added character makes it another place in the log."""
    cursor = encode_cursor(TAG, position)
    at = data.draw(st.integers(0, len(cursor) - 1))
    other = data.draw(st.sampled_from("ABCXYZabcxyz0189-_").filter(lambda character: character != cursor[at]))

    for damaged in (cursor[:at] + other + cursor[at + 1 :], cursor[:at] + cursor[at + 1 :], cursor + other):
        with pytest.raises(CursorError):
            decode_cursor(TAG, damaged)


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_anything_else_is_refused(text: str) -> None:
    """What we did not give out raises `CursorError` and nothing else."""
    with pytest.raises(CursorError):
        decode_cursor(TAG, text)


def test_a_cursor_of_another_log_is_refused() -> None:
    """A topic made anew has the same name and other records."""
    cursor = encode_cursor(log_tag("another"), {0: 7})

    with pytest.raises(CursorError, match="another log"):
        decode_cursor(TAG, cursor)


def test_a_cursor_is_short() -> None:
    """It goes out with every event: eight partitions of a busy log fit in a header's line."""
    assert len(encode_cursor(TAG, dict.fromkeys(range(8), 5_000_000))) <= 75
