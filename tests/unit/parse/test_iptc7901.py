"""Wire messages in IPTC 7901."""

from datetime import UTC, datetime

import pytest

from schemas import Document, Source, Subject
from streams.parse.formats.iptc7901 import is_iptc7901
from streams.parse.payload.payload import Payload
from tests.unit.parse.agency_samples import RECEIVED, SAMPLES, read, read_sample

MESSAGE = (SAMPLES / "iptc7901" / "message.txt").read_bytes()


def test_a_message() -> None:
    """Header, heading, text and date-time group are told apart; notes to editors are not published."""
    parsed = read_sample("iptc7901/message.txt")

    (post,) = parsed.posts
    assert parsed.format == "iptc7901"
    assert (post.id, post.urgency) == ("eca062/2024-05-01", 2)
    assert post.headline == "Two hurt in a fire that began in a warehouse on the north quay of the harbour"
    assert post.authors == ("Ana Reyes",)
    assert (post.published_at, post.time_basis) == (datetime(2024, 5, 1, 12, 40, tzinfo=UTC), "exact")
    assert post.body_text == (
        "Port Example (dpa) - Two people were hurt in a fire on the north quay of the harbour in the night, the fire"
        " brigade said on Wednesday morning.\n\nSix engines came, and crews from three other towns were called to the"
        " caf\u00e9 next to it."
    )
    assert post.subjects == (Subject(code="i", scheme="iptc7901"),)


def test_control_characters_lost_on_the_way_are_not_missed() -> None:
    """The lines tell enough without SOH, STX, ETX and EOT."""
    bare = bytes(byte for byte in MESSAGE if byte > 31 or byte in b"\r\n")

    (post,) = read(bare, "text/plain").posts
    (whole,) = read(MESSAGE, "text/plain").posts

    assert (post.headline, post.body_text, post.published_at, post.id) == (
        whole.headline, whole.body_text, whole.published_at, whole.id,
    )  # fmt: skip


def test_several_messages_in_one_document() -> None:
    """Each message from its start of header on is a post."""
    parsed = read(MESSAGE + MESSAGE.replace(b"eca062", b"eca063"), "text/plain")

    assert [post.id for post in parsed.posts] == ["eca062/2024-05-01", "eca063/2024-05-01"]


@pytest.mark.parametrize(
    ("group", "expected", "basis"),
    [
        (b"011240 GMT May 24", datetime(2024, 5, 1, 12, 40, tzinfo=UTC), "exact"),
        (b"011240 MESZ Mai 24", datetime(2024, 5, 1, 10, 40, tzinfo=UTC), "exact"),
        (b"011240 d\xe9c 2018", datetime(2018, 12, 1, 12, 40, tzinfo=UTC), "zone_assumed"),
        (b"011240 juil 18", datetime(2018, 7, 1, 12, 40, tzinfo=UTC), "zone_assumed"),
        (b"991240 GMT May 24", datetime(2024, 5, 1, 15, tzinfo=UTC), "received"),
    ],
)
def test_date_time_groups(group: bytes, expected: datetime, basis: str) -> None:
    """Months in the wires' languages, zones and none; an impossible time is none."""
    (post,) = read(MESSAGE.replace(b"011240 GMT May 24", group), "text/plain").posts

    assert (post.published_at, post.time_basis) == (expected, basis)


@pytest.mark.parametrize("text", ["12:40\nTwo hurt", "eca062 is a number", "The fire\n\neca062 4 i 211 dpa 061\n"])
def test_other_text_is_no_wire(text: str) -> None:
    """Only a document that begins with the header line is one."""
    document = Document(
        id="d1", source_id="s", coverage_id="c", received_at=RECEIVED, content_type="text/plain", body=text.encode()
    )

    assert not is_iptc7901(Payload(document, Source(id="evening-post")))
