"""Server-Sent Events as bytes."""

import pytest

from streams.gateway.transports.sse.encoder import encode_event, encode_prime, encode_retry


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b'{"a":1}', [b'{"a":1}']),
        (b"", [b""]),
        (b"a\nb", [b"a", b"b"]),
        (b"a\rb\r\nc", [b"a", b"b", b"c"]),
        (b"a\n\nid: 7\n", [b"a", b"", b"id: 7", b""]),
        ("é\u2028".encode(), ["é\u2028".encode()]),
    ],
)
def test_each_line_of_data_is_a_field(data: bytes, lines: list[bytes]) -> None:
    """No line end in the data can end an event or begin another field."""
    encoded = encode_event("entry", data, "abc")

    assert encoded == b"id: abc\nevent: entry\n" + b"".join(b"data: " + line + b"\n" for line in lines) + b"\n"


def test_an_event_of_a_snapshot_has_no_id() -> None:
    """The client keeps the cursor that it has."""
    assert encode_event("entry", b"{}") == b"event: entry\ndata: {}\n\n"


def test_a_new_client_is_given_a_cursor_and_a_pause() -> None:
    """An id without data is kept and not shown."""
    assert encode_prime("abc") == b"id: abc\n\n"
    assert encode_retry(2000) == b"retry: 2000\n\n"
