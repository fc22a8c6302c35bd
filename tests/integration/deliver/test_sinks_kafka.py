"""What sinks promise, over a real Kafka: told once, in order, through kills at the worst moments."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from deliver_harness import Desk
from pydantic import SecretStr
from sink_endpoint import SinkEndpoint, sink_serving
from webhook_endpoints import until

from schemas import Alert, Insistence, Newsroom
from schemas.envelope import alert_headers
from streams.archive.state import Acknowledgement, Acknowledgements, SinkDeliveries, SinkStates, SinkStatus
from streams.exceptions import SettingsError
from streams.topology import Names

pytestmark = pytest.mark.kafka

NEWSROOM = {
    "alerts": [
        {"id": "toll", "when": "entry.breaking", "to": ["desk"]},
        {"id": "other", "when": "entry.key_event", "to": ["desk"]},
        {"id": "urgent", "when": "entry.breaking", "to": [{"sink": "desk", "if": "alert.urgency <= 2"}]},
    ],
    "sinks": [{"id": "desk"}],
}


def an_alert(name: str = "a", revision: int = 1, change: str | None = None, **fields: Any) -> Alert:
    """Return a revision of an alert that was made now."""
    return Alert.model_validate(
        {
            "alert_id": name, "revision": revision, "change": change or ("raised" if revision == 1 else "updated"),
            "notify": True, "rule_id": "toll", "rule_version": "1", "coverage_id": "harbour-fire",
            "subject": {"kind": "story", "id": f"story-{name}"}, "at": datetime.now(UTC), "urgency": 3,
            "title": f"{name} {revision}", "reason": "dead >= 3",
        }
        | fields
    )  # fmt: skip


def entry(id_: str) -> dict[str, Any]:
    """Return an entry as an alert holds it."""
    now = datetime.now(UTC)
    return {
        "entry_id": id_, "revision": 1, "change": "created", "status": "usable", "coverage_id": "harbour-fire",
        "source_id": "s", "received_at": now, "processed_at": now,
    }  # fmt: skip


@asynccontextmanager
async def publishing(desk: Desk) -> AsyncIterator[Any]:
    """Give what writes alerts as the agent does: those of one entry in one transaction, each with its header."""
    topic = Names(desk.settings.topic_prefix).alerts
    transactional = f"{desk.settings.topic_prefix}test"
    async with AIOKafkaProducer(
        bootstrap_servers=desk.connection.bootstrap, transactional_id=transactional
    ) as producer:

        async def publish(*alerts: Alert, insists: Insistence | None = None) -> None:
            async with producer.transaction():
                for alert in alerts:
                    headers = alert_headers(alert, insists=insists)
                    await producer.send_and_wait(
                        topic, alert.to_json(), key=alert.alert_id.encode(), headers=list(headers), partition=0
                    )

        yield publish


def settings_for(endpoint: SinkEndpoint, **newsroom: Any) -> dict[str, Any]:
    """Return what a deliverer with the newsroom's sink is told."""
    return {
        "newsroom": Newsroom.model_validate({**NEWSROOM, **newsroom}),
        "sink_addresses": {"desk": SecretStr(endpoint.address)},
        "alerts_send_schedule": (timedelta(milliseconds=100),) * 5,
    }


def words(desk: Desk, alert: str) -> dict[int, str]:
    """Return what became of an alert's revisions at the sink."""
    return {each.revision: each.status.value for each in SinkDeliveries(desk.state).of_alert(alert)}


async def test_an_alert_is_told_once_with_its_rules_and_what_nobody_is_to_be_told_is_not(desk: Desk) -> None:
    """Two rules on one entry are one message; a condition of `to`, `notify: false` and other people's rules say no."""
    endpoint = SinkEndpoint()
    async with sink_serving(endpoint), publishing(desk) as publish, desk.delivering(**settings_for(endpoint)):
        one = entry("e1")
        await publish(an_alert("a", entry=one, at=one["received_at"]), an_alert("b", entry=one, at=one["received_at"]))
        await publish(an_alert("a", 2, notify=False, held_back="cooldown"), an_alert("c", rule_id="urgent"))
        # Messages on different alerts go out beside each other: only one alert's come in order.
        await until(lambda: len(endpoint.taken) == 1, "the first message")
        await publish(an_alert("d", rule_id="gone"), an_alert("e", rule_id="urgent", urgency=1))
        await until(lambda: len(endpoint.taken) == 2, "two messages")
        await until(lambda: words(desk, "e") == {1: "sent"}, "the record of the last one")

    assert [message.revisions for message in endpoint.taken] == [(("a", 1), ("b", 1)), (("e", 1),)]
    assert words(desk, "a") == {1: "sent"}
    assert words(desk, "c") == words(desk, "d") == {}
    assert SinkStates(desk.state).all()["desk"].failing_since is None


async def test_an_acknowledged_alert_is_told_again_only_if_it_insists(desk: Desk) -> None:
    """The header of the record says so; a withdrawal goes through."""
    endpoint = SinkEndpoint()
    async with sink_serving(endpoint), publishing(desk) as publish, desk.delivering(**settings_for(endpoint)):
        await publish(an_alert("a"))
        await until(lambda: words(desk, "a") == {1: "sent"}, "the first message")
        Acknowledgements(desk.state).add(Acknowledgement("a", datetime.now(UTC), "ada"))
        await publish(an_alert("a", 2))
        await publish(an_alert("a", 3), insists=Insistence.RISES)
        await publish(an_alert("a", 4, "withdrawn"), insists=Insistence.WITHDRAWAL)
        await until(lambda: words(desk, "a").get(4) == "sent", "the withdrawal")

    assert endpoint.revisions == [("a", 1), ("a", 3), ("a", 4)]
    assert words(desk, "a") == {1: "sent", 2: "muted", 3: "sent", 4: "sent"}


async def test_what_fails_is_tried_again_and_given_up_and_the_sink_fails_since_then(desk: Desk) -> None:
    """A dead letter of the sink: its record says why; a later success ends the failing."""
    endpoint = SinkEndpoint(status=lambda number: 500 if number < 8 else 204)
    async with sink_serving(endpoint), publishing(desk) as publish, desk.delivering(**settings_for(endpoint)):
        await publish(an_alert("a"))
        await until(lambda: words(desk, "a") == {1: "failed"}, "the dead letter")
        failing = SinkStates(desk.state).all()["desk"]
        await publish(an_alert("b"))
        await until(lambda: words(desk, "b") == {1: "sent"}, "the message after some attempts")

    assert failing.failing_since is not None
    assert "500" in (failing.error or "")
    assert [each.error for each in SinkDeliveries(desk.state).of_alert("a")] == [failing.error]
    assert SinkDeliveries(desk.state).of_alert("a")[0].attempt == 6
    assert SinkStates(desk.state).all()["desk"].failing_since is None


async def test_a_sink_that_does_not_answer_keeps_back_no_other(desk: Desk) -> None:
    """Each has threads of its own; what was not answered in time is in doubt, and says so."""
    stuck, quick = SinkEndpoint(), SinkEndpoint()
    released = asyncio.Event()

    async def wait(number: int) -> None:
        if number < 6:
            await released.wait()

    stuck.before = wait
    sinks = [{"id": "desk"}, {"id": "stuck"}]
    alerts = [{"id": "toll", "when": "entry.breaking", "to": ["desk", "stuck"]}]
    async with sink_serving(stuck), sink_serving(quick), publishing(desk) as publish:
        told = settings_for(quick, sinks=sinks, alerts=alerts) | {
            "sink_addresses": {"desk": SecretStr(quick.address), "stuck": SecretStr(stuck.address)},
            "alerts_send_timeout": timedelta(milliseconds=500),
        }
        async with desk.delivering(**told):
            for number in range(6):
                await publish(an_alert(f"n{number}"))
            await until(lambda: len(quick.taken) == 6, "the other sink's messages")
            await until(lambda: "stuck" in SinkStates(desk.state).all(), "a failure of the other one")
            released.set()
            doubtful = SinkDeliveries(desk.state)
            await until(lambda: any(m.in_doubt for m in stuck.taken), "a message in doubt")

    assert stuck.doubled() == []
    assert any(each.in_doubt for number in range(6) for each in doubtful.of_alert(f"n{number}"))


async def test_an_address_that_is_missing_or_wrong_is_an_error_at_the_start(desk: Desk) -> None:
    """It names the variable, never the address."""
    endpoint = SinkEndpoint(address="pigeon://user:secret@host")
    with pytest.raises(SettingsError, match="LIVELINE_SINK_DESK: found a URL that begins with pigeon:") as error:
        async with desk.delivering(**settings_for(endpoint)):
            pass
    assert "secret" not in str(error.value)
    with pytest.raises(SettingsError, match="LIVELINE_SINK_DESK: missing; sink 'desk'"):
        async with desk.delivering(newsroom=Newsroom.model_validate(NEWSROOM)):
            pass


async def test_a_killed_deliverer_tells_everything_in_order_and_doubles_only_what_is_in_doubt(
    desk: Desk, tmp_path: Path
) -> None:
    """`kill -9` while a sink has a message and has not answered, right after its answer, and at any moment."""
    endpoint = SinkEndpoint()
    process: asyncio.subprocess.Process | None = None
    moments = {5: "before the answer", 18: "after the answer", 30: "before the answer"}

    async def kill(number: int) -> None:
        if number in moments and process is not None and process.returncode is None:
            if moments[number] == "after the answer":
                asyncio.get_running_loop().call_later(0.002, process.kill)
            else:
                process.kill()
                await process.wait()

    endpoint.before = kill
    wanted = [(f"alert-{number % 7}", number // 7 + 1) for number in range(42)]
    config = tmp_path / "liveline.yaml"
    config.write_text(Newsroom.model_validate(NEWSROOM).model_dump_json(by_alias=True, exclude_unset=True))
    async with sink_serving(endpoint), publishing(desk) as publish:
        sending = asyncio.create_task(_publish_slowly(publish, wanted))
        try:
            while not set(endpoint.revisions) >= set(wanted):
                process = await _deliver(desk, endpoint, config)
                while process.returncode is None and not set(endpoint.revisions) >= set(wanted):
                    await asyncio.sleep(0.05)
            await sending
            await until(lambda: _all_over(desk), "the record of the last message")
        finally:
            sending.cancel()
            if process is not None and process.returncode is None:
                process.terminate()
                await process.wait()

    assert endpoint.out_of_order() == []
    assert endpoint.doubled() == []
    assert any(message.in_doubt for message in endpoint.taken)


async def _publish_slowly(publish: Any, wanted: Sequence[tuple[str, int]]) -> None:
    for name, revision in wanted:
        await publish(an_alert(name, revision))
        await asyncio.sleep(0.02)


def _all_over(desk: Desk) -> bool:
    return set(SinkDeliveries(desk.state).counts()["desk"]) == {SinkStatus.SENT}


async def _deliver(desk: Desk, endpoint: SinkEndpoint, config: Path) -> asyncio.subprocess.Process:
    settings = desk.settings
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "streams", "deliver",
        env={
            **clean, "LIVELINE_KAFKA": settings.kafka, "LIVELINE_TOPIC_PREFIX": settings.topic_prefix,
            "LIVELINE_PARTITIONS": str(settings.partitions), "LIVELINE_STATE": settings.state,
            "LIVELINE_CONFIG": str(config), "LIVELINE_SINK_DESK": endpoint.address,
            "LIVELINE_ALERTS_SEND_SCHEDULE": ",".join(["100ms"] * 30), "LIVELINE_LOG_LEVEL": "warning",
        },
    )  # fmt: skip
