"""The short form of the webhooks' test; `python -m chaos.webhooks` is the long one."""

from pathlib import Path

import pytest

from chaos.webhooks import Plan, play
from real_kafka import RealKafka

pytestmark = [pytest.mark.kafka, pytest.mark.chaos]


@pytest.mark.timeout(600)
async def test_a_killed_deliverer_loses_nothing_and_keeps_each_entrys_order(kafka: RealKafka, tmp_path: Path) -> None:
    """Slow, failing by turns, and gone: the first two get all of it, verified, and the third nothing more."""
    outcome = await play(kafka.bootstrap, tmp_path, Plan(revisions=300, entries=30, kills=2))

    assert outcome.right, outcome.line
