"""The short form of the alerts' test; `python -m chaos.alerts_under_fire` is the long one."""

from pathlib import Path

import pytest

from chaos.alerts_under_fire import Day, Plan
from real_kafka import RealKafka

pytestmark = [pytest.mark.kafka, pytest.mark.chaos]


@pytest.mark.timeout(600)
async def test_no_alert_is_lost_doubled_or_untold_when_workers_and_deliverer_are_killed(
    kafka: RealKafka, tmp_path: Path
) -> None:
    """Rules of every kind over two hours of written posts, on a clock that runs 600 times as fast."""
    plan = Plan(posts=150, hours=2, speed=600, kills=4, real=False)

    outcome = await Day(kafka.bootstrap, tmp_path, plan).run()

    assert not outcome.wrong, outcome.line
    assert outcome.kills == {"worker": 2, "deliver": 2}
    assert outcome.told > plan.posts
    assert {"raised", "updated", "withdrawn", "ended"} <= outcome.changes.keys()
