"""Which of what was read becomes a document."""

from datetime import UTC, datetime

import pytest

from schemas import Document, Source
from schemas.entry import CoverageId
from streams.ingest.polling.outbox import Outbox, Taken, polled_id
from streams.ingest.producer import Stored
from streams.ingest.unavailable import KafkaUnavailable
from streams.testing.clock import FakeClock

URL = "https://news.test/live"


class Kafka:
    """Takes documents, or does not."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.down = False

    async def send(self, document: Document) -> Stored:
        """Store it."""
        if self.down:
            raise KafkaUnavailable("down")
        self.documents.append(document)
        return Stored(0, len(self.documents))


def outbox(kafka: Kafka) -> Outbox:
    """Return a source's way into Kafka."""
    return Outbox(
        Source(id="evening-post"), CoverageId("fire"), kafka.send, FakeClock(datetime(2024, 5, 1, tzinfo=UTC))
    )


def test_an_id_is_made_from_source_address_and_bytes() -> None:
    """Two pollers, or one that was restarted, give the same; anything else another. The value is part of the log."""
    assert polled_id("evening-post", URL, b"a") == "ca8b8496-25eb-5d38-a541-a025a49884a2"
    others = {
        polled_id("radio", URL, b"a"),
        polled_id("evening-post", URL + "/", b"a"),
        polled_id("evening-post", URL, b"b"),
    }
    assert len(others | {polled_id("evening-post", URL, b"a")}) == 4


async def test_what_kafka_did_not_take_is_still_new() -> None:
    """It is pushed the next time it is read."""
    kafka = Kafka()
    box = outbox(kafka)
    kafka.down = True
    with pytest.raises(KafkaUnavailable):
        await box.take(b"a", "text/html", URL)
    kafka.down = False

    assert await box.take(b"a", "text/html", URL) is Taken.PUSHED
    assert await box.take(b"a", "text/html", URL) is Taken.SAME_BODY


async def test_what_a_hub_delivers_is_no_version_of_the_page() -> None:
    """It may hold the new posts only; neither makes the other one look changed."""
    kafka = Kafka()
    box = outbox(kafka)

    taken = [
        await box.take(body, "text/html", URL, by_hub=by_hub)
        for body, by_hub in [(b"page", False), (b"new", True), (b"page", False), (b"new", True)]
    ]

    assert taken == [Taken.PUSHED, Taken.PUSHED, Taken.SAME_BODY, Taken.SAME_BODY]


async def test_a_redirect_that_never_ends_in_the_same_place_costs_no_memory() -> None:
    """Only the addresses of late are known."""
    box = outbox(Kafka())
    for number in range(100):
        await box.take(b"a", "text/html", f"{URL}?{number}")

    assert len(box._last) <= 8
    assert await box.take(b"a", "text/html", f"{URL}?99") is Taken.SAME_BODY
