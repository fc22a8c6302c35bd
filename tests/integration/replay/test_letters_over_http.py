"""Dead letters over HTTP on a real Kafka, beside `liveline dlq`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from letters_behaviour import LettersBehaviour, LetterSite, a_letter_site
from replay_harness import Topics

pytestmark = pytest.mark.kafka


@pytest.fixture
async def site(topics: Topics, tmp_path: Path) -> AsyncIterator[LetterSite]:
    """Run a gateway over topics of the test's own."""
    async with a_letter_site(topics.connection, topics.names, tmp_path) as site:
        yield site


class TestLettersOnKafka(LettersBehaviour):
    """Document and state are one transaction."""


async def test_the_command_line_sees_what_the_page_did(site: LetterSite, topics: Topics) -> None:
    """And the other way round: the states stand on one topic."""
    site.write(0)
    site.write(1)

    await site.ask("POST", "/v1/dead-letters/0-0/retry")
    listed = topics.lines("dlq", "list", "--state", "retried")
    topics.lines("dlq", "discard", "0-1")

    assert [each["id"] for each in listed] == ["0-0"]
    assert await site.listed("state=discarded") == ["0-1"]
