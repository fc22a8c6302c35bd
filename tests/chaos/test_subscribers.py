"""The short form of the subscribers' test; `python -m chaos.subscribers` is the long one."""

from pathlib import Path

import pytest

from chaos.subscribers import Plan, play
from real_kafka import RealKafka
from real_postgres import RealPostgres

pytestmark = [pytest.mark.kafka, pytest.mark.chaos]


@pytest.mark.timeout(600)
async def test_subscribers_end_with_the_logs_state_whatever_becomes_of_the_gateways(
    kafka: RealKafka, postgres: RealPostgres, tmp_path: Path
) -> None:
    """Over both transports and several filters: nothing missing, nothing twice, `incomplete` only where it is so."""
    plan = Plan(subscribers=32, revisions=600, a_second=40.0, kills=4, away=4, damaged=4)
    outcome = await play(kafka.bootstrap, postgres.new_database(), tmp_path, plan)

    assert outcome.right, outcome.line
    assert outcome.told_incomplete > plan.damaged
