"""Each behaviour is shown on the broker in memory and on real Kafka."""

import uuid
from collections.abc import Iterator

import pytest
from semantics.worlds import FakeWorld, KafkaWorld, World


@pytest.fixture(params=["fake", pytest.param("kafka", marks=pytest.mark.kafka)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Make a broker with empty topics."""
    if request.param == "fake":
        yield FakeWorld()
    else:
        kafka = request.getfixturevalue("kafka")
        yield KafkaWorld(kafka.bootstrap, f"semantics-{uuid.uuid4().hex[:8]}.")
