"""What the deliverer promises, over a real Kafka, with endpoints that verify by the standard's own package."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from deliver_harness import Desk, a_desk
from gateway_harness import an_entry
from webhook_endpoints import Endpoint, by_turns, gone, serving, until

from schemas import Alert, Change, Status
from schemas.alert import AlertChange, AlertSubject, SubjectKind
from schemas.webhook import DeliveryStatus, FixedWebhook, WebhookEvent, WebhookStatus
from streams.archive.state import StateError, Webhooks
from streams.archive.state.webhooks import rotated
from streams.exceptions import SettingsError
from streams.webhooks.secrets import new_secret

from real_kafka import RealKafka
from real_postgres import RealPostgres

pytestmark = pytest.mark.kafka
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def an_alert(revision: int = 1, **fields: object) -> Alert:
    """Return a revision of an alert."""
    return Alert.model_validate(
        {
            "alert_id": "alert-1", "revision": revision, "change": AlertChange.RAISED, "notify": True,
            "rule_id": "toll", "rule_version": "1", "coverage_id": "harbour-fire",
            "subject": AlertSubject(kind=SubjectKind.COVERAGE, id="harbour-fire"), "at": NOW, "title": "Toll rises",
            "reason": "dead >= 3", "urgency": 2,
        }
        | fields
    )  # fmt: skip


async def test_a_delivery_is_the_entry_as_it_stands_signed(desk: Desk) -> None:
    """Type, time and data in the body, the revision's id in the header, and it verifies."""
    endpoint = Endpoint()
    entry = an_entry(1)
    async with serving(endpoint=endpoint):
        webhook = desk.webhook(endpoint.url)
        endpoint.secret = webhook.secret or ""
        async with desk.delivering():
            await desk.worker.publish([entry])
            await until(lambda: bool(endpoint.taken), "the delivery")
            await until(lambda: desk.deliveries(webhook)[0].status is DeliveryStatus.SUCCEEDED, "the log's word")

    [(message_id, body)] = endpoint.taken
    assert message_id == f"{entry.entry_id}:1"
    assert body == {
        "type": "liveline.entry.v1",
        "timestamp": entry.to_dict()["processed_at"],
        "data": entry.to_dict(),
    }
    assert endpoint.unverified == []
    [logged] = desk.deliveries(webhook)
    assert (logged.entry_id, logged.revision, logged.attempt, logged.http_status) == (entry.entry_id, 1, 1, 204)


async def test_what_was_published_before_the_webhook_is_not_delivered(desk: Desk) -> None:
    """A webhook counts from its creation on, also when it was made while no deliverer ran."""
    endpoint = Endpoint()
    async with serving(endpoint=endpoint):
        await desk.worker.publish([an_entry(1)])
        await asyncio.sleep(0.01)
        desk.webhook(endpoint.url)
        await asyncio.sleep(0.01)
        await desk.worker.publish([an_entry(2)])
        async with desk.delivering():
            await until(lambda: bool(endpoint.taken), "the delivery")
            await desk.worker.publish([an_entry(3)])
            await until(lambda: len(endpoint.taken) == 2, "the next one")

    assert endpoint.ids == [f"{an_entry(2).entry_id}:1", f"{an_entry(3).entry_id}:1"]


async def test_later_revisions_wait_behind_one_that_fails_and_others_do_not(desk: Desk) -> None:
    """Order holds within an entry alone."""
    fails = True

    async def refuse_the_first_entry(_: int) -> web.Response:
        return web.Response(status=500 if fails and endpoint.held == an_entry(1).entry_id else 204)

    class Looking(Endpoint):
        held = ""

        async def handle(self, request: web.Request) -> web.Response:
            self.held = request.headers["webhook-id"].partition(":")[0]
            return await super().handle(request)

    endpoint = Looking(refuse_the_first_entry)
    async with serving(endpoint=endpoint):
        webhook = desk.webhook(endpoint.url)
        async with desk.delivering(webhook_schedule=(timedelta(milliseconds=200),) * 50):
            await desk.worker.publish([an_entry(1), an_entry(1, 2), an_entry(2), an_entry(2, 2), an_entry(1, 3)])
            await until(lambda: len(endpoint.taken) == 2, "the other entry")
            await until(lambda: len(endpoint.refused) >= 2, "a second attempt")
            waiting = {
                each.revision: each.next_at for each in desk.deliveries(webhook) if each.entry_id == endpoint.held
            }
            fails = False
            await until(lambda: len(endpoint.taken) == 5, "all")

    assert endpoint.ids[:2] == [f"{an_entry(2).entry_id}:{revision}" for revision in (1, 2)]
    assert endpoint.ids[2:] == [f"{an_entry(1).entry_id}:{revision}" for revision in (1, 2, 3)]
    assert {message_id.rpartition(":")[2] for message_id in endpoint.refused} == {"1"}
    assert [waiting[revision] for revision in (2, 3)] == [None, None]


async def test_an_entry_that_leaves_the_filter_is_marked(desk: Desk) -> None:
    """Who had an entry is told when it fits no more, and gets its retraction; who never had it gets neither."""
    endpoint = Endpoint()
    left = {"change": Change.RETRACTED, "status": Status.CANCELED, "headline": None, "body_text": None}
    async with serving(endpoint=endpoint):
        desk.webhook(endpoint.url, filter={"key_event": True})
        async with desk.delivering():
            await desk.worker.publish(
                [
                    an_entry(1, key_event=True), an_entry(1, 2), an_entry(1, 3, **left),
                    an_entry(2), an_entry(2, 2, **left), an_entry(3, key_event=True),
                ]
            )  # fmt: skip
            await until(lambda: len(endpoint.taken) == 4, "four deliveries")

    first = an_entry(1).entry_id
    assert [(each, body.get("matches")) for each, body in endpoint.taken if each.startswith(first)] == [
        (f"{first}:1", None),
        (f"{first}:2", False),
        (f"{first}:3", False),
    ]
    assert not [each for each in endpoint.ids if each.startswith(an_entry(2).entry_id)]


async def test_alerts_go_to_those_who_want_them(desk: Desk) -> None:
    """By coverage and urgency; an alert's id and revision name the message."""
    both, entries, other = Endpoint(), Endpoint(), Endpoint()
    async with serving(both=both, entries=entries, other=other):
        events = (WebhookEvent.ENTRY, WebhookEvent.ALERT)
        desk.webhook(both.url, events=events, filter={"coverage": "harbour-fire", "min_urgency": 3})
        desk.webhook(entries.url)
        desk.webhook(other.url, events=events, filter={"coverage": "election"})
        async with desk.delivering():
            await desk.alert(an_alert())
            await desk.alert(an_alert(alert_id="alert-2", urgency=5))
            await desk.alert(an_alert(2))
            await desk.worker.publish([an_entry(1, urgency=1)])
            await until(lambda: len(both.taken) == 3 and bool(entries.taken), "three and one")

    alerts = [(each, body) for each, body in both.taken if body["type"] == "liveline.alert.v1"]
    assert [each for each, _ in alerts] == ["alert-1:1", "alert-1:2"]
    assert alerts[0][1]["data"] == an_alert().to_dict()
    assert [body["type"] for _, body in entries.taken] == ["liveline.entry.v1"]
    assert other.taken == []


async def test_gone_disables_at_once(desk: Desk) -> None:
    """410: nothing more is sent, and the reason stands there."""
    endpoint = Endpoint(gone)
    async with serving(endpoint=endpoint):
        webhook = desk.webhook(endpoint.url)
        async with desk.delivering():
            await desk.worker.publish([an_entry(1), an_entry(1, 2), an_entry(1, 3)])
            await until(lambda: desk.now(webhook).status is WebhookStatus.DISABLED, "disabled")
            await desk.worker.publish([an_entry(1, 4)])
            await asyncio.sleep(1)

    assert endpoint.refused == [f"{an_entry(1).entry_id}:1"]
    assert "410" in (desk.now(webhook).disabled_reason or "")


async def test_a_dead_endpoint_is_disabled_and_recovered(desk: Desk) -> None:
    """When a delivery has used all waits; a recovery since a time sends everything again, in order."""
    down = True

    async def behaviour(_: int) -> web.Response:
        return web.Response(status=500 if down else 204)

    endpoint = Endpoint(behaviour)
    async with serving(endpoint=endpoint):
        began = datetime.now(UTC)
        webhook = desk.webhook(endpoint.url)
        async with desk.delivering(webhook_schedule=(timedelta(milliseconds=50),) * 2):
            await desk.worker.publish([an_entry(1), an_entry(1, 2)])
            await until(lambda: desk.now(webhook).status is WebhookStatus.DISABLED, "disabled")
            assert len(endpoint.refused) == 3
            assert [each.status for each in desk.deliveries(webhook)] == [DeliveryStatus.PENDING, DeliveryStatus.FAILED]
            down = False
            await desk.worker.publish([an_entry(1, 3)])
            Webhooks(desk.state).recover(webhook.id, began)
            await until(lambda: len(endpoint.taken) == 3, "all three")

    assert endpoint.ids == [f"{an_entry(1).entry_id}:{revision}" for revision in (1, 2, 3)]


async def test_one_that_is_enabled_again_goes_on_where_it_stopped(desk: Desk) -> None:
    """What waited and what came meanwhile is delivered."""
    down = True

    async def behaviour(_: int) -> web.Response:
        return web.Response(status=410 if down else 204)

    endpoint = Endpoint(behaviour)
    async with serving(endpoint=endpoint):
        webhook = desk.webhook(endpoint.url)
        async with desk.delivering():
            await desk.worker.publish([an_entry(1), an_entry(1, 2)])
            await until(lambda: desk.now(webhook).status is WebhookStatus.DISABLED, "disabled")
            await desk.worker.publish([an_entry(1, 3)])
            down = False
            enabled = replace(desk.now(webhook), status=WebhookStatus.ACTIVE)
            Webhooks(desk.state).change(enabled, begin_again=datetime.now(UTC))
            await until(lambda: len(endpoint.taken) == 2, "the rest")

    assert [each.rpartition(":")[2] for each in endpoint.ids] == ["2", "3"]


async def test_both_secrets_sign_while_one_is_changed(desk: Desk) -> None:
    """A receiver has a day to take up the new one."""
    old, new = Endpoint(), Endpoint()
    async with serving(old=old, new=new):
        kept = desk.webhook(old.url)
        changed = rotated(kept, new_secret(), datetime.now(UTC) + timedelta(hours=24))
        Webhooks(desk.state).change(changed)
        old.secret = kept.secret or ""
        async with desk.delivering():
            await desk.worker.publish([an_entry(1)])
            await until(lambda: bool(old.taken), "the delivery")
            old.secret = changed.secret or ""
            await desk.worker.publish([an_entry(2)])
            await until(lambda: len(old.taken) == 2, "the next")

    assert old.unverified == []
    assert all(signature.count("v1,") == 2 for signature in old.signatures)


async def test_internal_addresses_are_refused_unless_allowed(desk: Desk) -> None:
    """Neither an address nor a name that means one is posted to; the log says why."""
    endpoint = Endpoint()
    async with serving(endpoint=endpoint):
        by_address = desk.webhook(endpoint.url)
        by_name = desk.webhook(endpoint.url.replace("127.0.0.1", "localhost"))
        async with desk.delivering(webhook_internal=False):
            await desk.worker.publish([an_entry(1)])
            for webhook in (by_address, by_name):
                await until(lambda at=webhook: any(each.attempt for each in desk.deliveries(at)), "an attempt")  # type: ignore[misc]

    assert endpoint.requests == 0
    for webhook in (by_address, by_name):
        assert "LIVELINE_WEBHOOK_INTERNAL" in (desk.deliveries(webhook)[0].error or "")


async def test_redirects_are_not_followed(desk: Desk) -> None:
    """A redirect must not lead a signed body to where nobody looked."""

    async def away(_: int) -> web.Response:
        return web.Response(status=307, headers={"Location": elsewhere.url})

    endpoint, elsewhere = Endpoint(away), Endpoint()
    async with serving(endpoint=endpoint, elsewhere=elsewhere):
        webhook = desk.webhook(endpoint.url)
        async with desk.delivering():
            await desk.worker.publish([an_entry(1)])
            await until(lambda: len(endpoint.refused) >= 2, "two attempts")

    assert elsewhere.requests == 0
    assert any("redirect" in (each.error or "") for each in desk.deliveries(webhook))


async def test_retry_after_is_waited_for(desk: Desk) -> None:
    """No attempt comes before the time that the endpoint gave."""
    times: list[float] = []

    async def busy(number: int) -> web.Response:
        times.append(asyncio.get_running_loop().time())
        return web.Response(status=429, headers={"Retry-After": "1"}) if number == 0 else web.Response()

    endpoint = Endpoint(busy)
    async with serving(endpoint=endpoint):
        desk.webhook(endpoint.url)
        async with desk.delivering():
            await desk.worker.publish([an_entry(1)])
            await until(lambda: bool(endpoint.taken), "the second attempt")

    assert times[1] - times[0] >= 0.95


async def test_one_of_two_deliverers_delivers_and_the_other_goes_on(desk: Desk) -> None:
    """Nothing is sent twice while both run; when one ends, the other takes over."""
    endpoint = Endpoint(by_turns)
    async with serving(endpoint=endpoint):
        desk.webhook(endpoint.url)
        async with desk.delivering():
            async with desk.delivering():
                await desk.worker.publish([an_entry(number) for number in range(20)])
                await until(lambda: len(endpoint.taken) == 20, "twenty")
            await desk.worker.publish([an_entry(1, 2)])
            await until(lambda: len(endpoint.taken) == 21, "one more")

    assert len(set(endpoint.ids)) == 21


async def test_a_fixed_webhook_is_signed_with_the_secret_of_its_variable(desk: Desk) -> None:
    """Without one, the deliverer says which variable it needs."""
    endpoint = Endpoint(secret=new_secret())
    async with serving(endpoint=endpoint):
        newsroom = desk.settings.newsroom.model_copy(
            update={"webhooks": (FixedWebhook(id="desk-system", url=endpoint.url),)}
        )
        with pytest.raises(SettingsError, match="LIVELINE_WEBHOOK_SECRET_DESK_SYSTEM: missing"):
            await _enter(desk, newsroom=newsroom)
        secrets = {"desk-system": _Shown(endpoint.secret)}
        async with desk.delivering(newsroom=newsroom, webhook_secrets=secrets):
            await until(lambda: bool(Webhooks(desk.state).all()), "taken up")
            await asyncio.sleep(0.01)
            await desk.worker.publish([an_entry(1)])
            await until(lambda: bool(endpoint.taken), "the delivery")

    assert endpoint.unverified == []


async def test_it_works_on_postgresql(kafka: RealKafka, postgres: RealPostgres, tmp_path: Path) -> None:
    """Two deliverers on one database, an endpoint that fails by turns: all there, in order, verified."""
    endpoint = Endpoint(by_turns)
    async with a_desk(kafka.bootstrap, tmp_path, postgres.new_database) as desk, serving(endpoint=endpoint):
        endpoint.secret = desk.webhook(endpoint.url).secret or ""
        revisions = [an_entry(number, revision) for revision in (1, 2, 3) for number in range(10)]
        async with desk.delivering():
            async with desk.delivering():
                await desk.worker.publish(revisions[:15])
                await until(lambda: len(set(endpoint.ids)) == 15, "half")
            await desk.worker.publish(revisions[15:])
            await until(lambda: len(set(endpoint.ids)) == 30, "all")

    assert (endpoint.out_of_order(), endpoint.unverified) == ([], [])


async def test_a_corrupt_state_database_ends_the_command(kafka: RealKafka, tmp_path: Path) -> None:
    """With a message that names the setting, and the file left as it is."""
    path = tmp_path / "state.db"
    path.write_bytes(b"not a database, " * 500)
    async with a_desk(kafka.bootstrap, tmp_path, lambda: f"sqlite:///{tmp_path}/good.db") as desk:
        with pytest.raises(StateError, match=r"LIVELINE_STATE: sqlite:///.*corrupt"):
            await _enter(desk, state=f"sqlite:///{path}")

    assert path.read_bytes() == b"not a database, " * 500


async def _enter(desk: Desk, **settings: object) -> None:
    async with desk.delivering(**settings):
        pass


class _Shown:
    """A secret that a test knows."""

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """Return it."""
        return self._value
