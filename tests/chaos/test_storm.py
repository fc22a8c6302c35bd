"""The rebalance storm's short form; `make chaos` runs the long one."""

import pytest

from chaos.storm import Plan, Storm
from real_kafka import running_kafka

pytestmark = [pytest.mark.kafka, pytest.mark.chaos, pytest.mark.timeout(400)]


def test_every_revision_stands_once_after_a_storm_of_rebalances() -> None:
    """Workers that come, go, die and stall while documents keep coming lose and double nothing."""
    plan = Plan(rebalances=8, seconds=200.0)
    with running_kafka() as kafka:
        storm = Storm(kafka, plan)
        report = storm()

    assert report.right, "\n".join(report.examples)
    assert storm.fleet.rebalances() >= plan.rebalances
    assert report.figures["duplicates"] > 0
