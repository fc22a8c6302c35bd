"""Dead letters over HTTP on the embedded broker, and when there is none."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from letters_behaviour import LettersBehaviour, LetterSite, a_letter_site

from streams.embedded import EmbeddedBroker
from streams.runtime.kafka.connection import KafkaConnection
from streams.topology import TOPICS, Names


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[LetterSite]:
    """Run a gateway over an embedded broker."""
    names = Names()
    with EmbeddedBroker() as broker:
        for topic in TOPICS:
            broker.create_topic(names.of(topic.role), 2 if topic.co_partitioned else 1)
        async with a_letter_site(KafkaConnection(broker.bootstrap), names, tmp_path) as site:
            yield site


class TestLettersEmbedded(LettersBehaviour):
    """No Java is needed."""


async def test_without_kafka_the_answer_is_503(tmp_path: Path) -> None:
    """With `Retry-After`, and nothing of an address in it."""
    async with a_letter_site(KafkaConnection("127.0.0.1:1"), Names(), tmp_path) as site:
        status, body = await site.ask("GET", "/v1/dead-letters")

    assert (status, "127.0.0.1" in body["detail"]) == (503, False)
