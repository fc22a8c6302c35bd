"""A subscriber, a hub and a publisher that really talk; only the clock is a fake."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest
import structlog
from publisher import KAFKA_DOWN, LIMIT, Desk, Page, a_desk
from structlog.testing import capture_logs

from streams.ingest.polling.fetch import Fetched
from streams.ingest.websub.discovery import Hub
from streams.ingest.websub.unsubscribed import Unsubscribed

HOUR = timedelta(hours=1)
NEW = b"<feed><entry><title>Second engine on its way</title></entry></feed>"


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Return a poller of a feed that names its hub."""
    async with a_desk() as desk:
        desk.publisher.pages["/live"] = Page(feed(desk.url), headers={"Content-Type": "application/atom+xml"})
        yield desk


def feed(base: str) -> bytes:
    """Return a feed with a hub."""
    links = f'<link rel="hub" href="{base}/hub"/><link rel="self" href="{base}/live"/>'
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{links}<title>Quay</title></feed>'.encode()


async def subscribed(desk: Desk) -> dict[str, str]:
    """Poll, subscribe and be verified; return what the hub was asked."""
    await desk.poller.poll()
    await desk.subscriber.tick()
    form = desk.publisher.forms[-1]
    assert await desk.verify(form) == (200, "ch4llenge")
    await desk.subscriber.tick()
    desk.documents.clear()
    return form


def delivered(desk: Desk, result: str) -> float:
    """Return how many deliveries ended so."""
    return desk.count("liveline_poll_websub_deliveries_total", result=result)


async def test_a_hub_that_a_feed_names_is_asked_for_its_news(desk: Desk) -> None:
    """With an address that nobody can guess, a secret, and the topic as the feed itself calls it."""
    await desk.poller.poll()
    await desk.subscriber.tick()
    await desk.subscriber.tick()

    (form,) = desk.publisher.forms
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", f"{desk.url}/live")
    assert form["hub.lease_seconds"] == "86400"
    assert "/v1/websub/evening-post/" in form["hub.callback"]
    assert len(form["hub.callback"].rpartition("/")[2]) >= 32
    assert 32 <= len(form["hub.secret"]) < 200
    assert not desk.subscriber.is_active("evening-post")


async def test_a_confirmed_source_is_polled_less(desk: Desk) -> None:
    """Only the hub's own question makes it so: an accepted request is no promise."""
    assert await desk.poller.poll() == 15
    await desk.subscriber.tick()
    assert await desk.poller.poll() == 15
    assert await desk.verify(desk.publisher.forms[0]) == (200, "ch4llenge")

    assert await desk.poller.poll() == 300
    await desk.subscriber.tick()
    assert desk.count("liveline_poll_websub_subscriptions") == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"hub_mode": "unsubscribe"},
        {"hub_mode": "publish"},
        {"hub_mode": ""},
        {"hub_topic": "https://elsewhere.test/feed"},
        {"hub_lease_seconds": "0"},
        {"hub_lease_seconds": "-1"},
        {"hub_lease_seconds": "soon"},
        {"hub_challenge": ""},
    ],
)
async def test_what_was_not_asked_for_is_not_confirmed(desk: Desk, changed: dict[str, str]) -> None:
    """404 tells the hub that somebody else asked."""
    await desk.poller.poll()
    await desk.subscriber.tick()

    status, text = await desk.verify(desk.publisher.forms[0], **changed)

    assert (status, "ch4llenge" in text) == (404, False)
    assert not desk.subscriber.is_active("evening-post")
    assert desk.count("liveline_poll_websub_verifications_total", mode="unknown") == 1


async def test_another_address_is_nobodys(desk: Desk) -> None:
    """A wrong token or source is 404 to a question and 410 to a delivery, whose body is not read."""
    form = await subscribed(desk)
    for end in ("/evening-post/guess", "/radio-quay/" + form["hub.callback"].rpartition("/")[2]):
        other = {**form, "hub.callback": form["hub.callback"].partition("/evening-post/")[0] + end}

        assert (await desk.verify(other))[0] == 404
        assert await desk.deliver(other, NEW) == 410

    assert desk.documents == []


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_a_signed_delivery_is_pushed(desk: Desk, method: str) -> None:
    """Its bytes, with the topic as its address."""
    form = await subscribed(desk)

    assert await desk.deliver(form, NEW, method) == 202

    (document,) = desk.documents
    assert (document.body, document.url, document.source_id) == (NEW, f"{desk.url}/live", "evening-post")
    assert document.content_type == "application/atom+xml"


@pytest.mark.parametrize("signature", ["sha256=" + "0" * 64, "sha256", "", "md5=0", "sha1=" + "0" * 40])
async def test_a_badly_signed_delivery_is_dropped_without_a_word(desk: Desk, signature: str) -> None:
    """Who tries gets the answer of a welcome delivery; the metric tells us."""
    form = await subscribed(desk)

    assert await desk.deliver(form, NEW, X_Hub_Signature=signature) == 202

    assert desk.documents == []
    assert delivered(desk, "bad_signature") == 1


async def test_a_hub_without_https_gets_no_secret_and_only_pings() -> None:
    """Whoever reads along could sign as the hub does; so what it delivers only has the source polled."""
    async with a_desk(private=False) as desk:
        desk.publisher.pages["/live"] = Page(feed(desk.url), headers={"Content-Type": "application/atom+xml"})
        await desk.poller.poll()
        await desk.subscriber.tick()
        form = desk.publisher.forms[0]
        assert "hub.secret" not in form
        assert (await desk.verify(form))[0] == 200
        assert await desk.deliver({**form, "hub.secret": "anything"}, NEW) == 202

        assert len(desk.documents) == 1, "only what was polled"
        assert (desk.lost, delivered(desk, "pinged")) == (["evening-post"], 1)


async def test_nothing_is_taken_after_the_lease_nor_before_it(desk: Desk) -> None:
    """A hub that was asked and has not verified, or whose lease is over, is told that it has no subscription."""
    await desk.poller.poll()
    await desk.subscriber.tick()
    form = desk.publisher.forms[0]
    before = len(desk.documents)
    assert await desk.deliver(form, NEW) == 410
    assert (await desk.verify(form))[0] == 200
    assert await desk.deliver(form, NEW) == 202
    desk.clock.advance(HOUR)
    assert await desk.deliver(form, NEW + b" ") == 410

    assert len(desk.documents) == before + 1


async def test_a_repeated_delivery_is_pushed_once(desk: Desk) -> None:
    """Hubs deliver again when they are not sure."""
    form = await subscribed(desk)
    statuses = [await desk.deliver(form, body) for body in (NEW, NEW, b" ")]

    assert statuses == [202, 202, 202]
    assert len(desk.documents) == 1
    assert (delivered(desk, "same_body"), delivered(desk, "empty")) == (1, 1)


async def test_a_delivery_that_kafka_does_not_take_is_asked_for_again(desk: Desk) -> None:
    """503: the hub tries later, and then it is stored."""
    form = await subscribed(desk)
    desk.kafka["error"] = KAFKA_DOWN
    assert await desk.deliver(form, NEW) == 503

    desk.kafka["error"] = None
    assert await desk.deliver(form, NEW) == 202
    assert len(desk.documents) == 1


async def test_a_delivery_has_its_bounds(desk: Desk) -> None:
    """A bomb, a body in another coding and one that is too large are refused, not unpacked."""
    form = await subscribed(desk)

    assert await desk.deliver(form, bytes(LIMIT + 1)) == 413
    assert await desk.deliver(form, gzip.compress(bytes(1000 * LIMIT)), Content_Encoding="gzip") == 413
    assert await desk.deliver(form, b"no zip", Content_Encoding="gzip") == 400
    assert await desk.deliver(form, b"br", Content_Encoding="br") == 415
    assert desk.documents == []


async def test_a_lease_is_renewed_before_it_ends(desk: Desk) -> None:
    """The hub is asked for the same again, and each confirmation counts anew; nothing is lost between."""
    form = await subscribed(desk)
    for _ in range(3):
        desk.clock.advance(HOUR * 0.79)
        await desk.subscriber.tick()
        asked = len(desk.publisher.forms)
        desk.clock.advance(HOUR * 0.02)
        await desk.subscriber.tick()
        assert len(desk.publisher.forms) == asked + 1
        assert desk.publisher.forms[-1] == form
        assert desk.subscriber.is_active("evening-post")
        assert await desk.verify(form) == (200, "ch4llenge")

    assert desk.lost == []


async def test_a_hub_that_renews_no_more_leaves_the_source_to_its_poller(desk: Desk) -> None:
    """When the lease is over the poller is woken and polls as before; the hub is asked again, ever more seldom."""
    await subscribed(desk)
    desk.publisher.hub_status = 500
    for _ in range(13):
        desk.clock.advance(HOUR / 12)
        await desk.subscriber.tick()

    assert desk.lost == ["evening-post"]
    assert await desk.poller.poll() == 15
    assert 4 <= len(desk.publisher.forms) <= 6
    assert desk.count("liveline_poll_websub_requests_total", mode="subscribe", result="refused") >= 3


async def test_a_hub_can_deny(desk: Desk) -> None:
    """At once or later: the source is polled as before, and the hub asked again a day later."""
    form = await subscribed(desk)

    status, _ = await desk.verify({**form, "hub.mode": "denied"}, hub_reason="too many")
    await desk.subscriber.tick()

    assert status == 200
    assert desk.lost == ["evening-post"]
    desk.clock.advance(23 * HOUR)
    await desk.subscriber.tick()
    assert len(desk.publisher.forms) == 1
    desk.clock.advance(2 * HOUR)
    await desk.subscriber.tick()
    assert len(desk.publisher.forms) == 2


async def test_a_hub_that_moved_is_followed_but_not_every_time(desk: Desk) -> None:
    """Another hub is subscribed to under another address; one that is another each time is not run after."""
    form = await subscribed(desk)
    for number, minutes in enumerate((1, 1, 10, 0.5)):
        desk.clock.advance(timedelta(minutes=minutes))
        body = feed(desk.url).replace(b"/live", b"/live?%d" % number)
        desk.publisher.pages["/live"] = Page(body, headers={"Content-Type": "application/atom+xml"})
        await desk.poller.poll()
        await desk.subscriber.tick()

    assert [each["hub.topic"].rpartition("/")[2] for each in desk.publisher.forms] == ["live", "live?2"]
    assert await desk.deliver(form, NEW) == 410


async def test_hubs_are_left_at_the_end(desk: Desk) -> None:
    """The hub asks whether it is meant, is told so, and delivers no more."""
    form = await subscribed(desk)
    desk.publisher.hub_asked.clear()
    closing = desk.subscriber.close()

    async def as_the_hub() -> tuple[int, str]:
        await desk.publisher.hub_asked.wait()
        return await desk.verify(desk.publisher.forms[1])

    _, answer = await asyncio.gather(closing, as_the_hub())

    assert answer == (200, "ch4llenge")
    last = desk.publisher.forms[1]
    assert (last["hub.mode"], last["hub.callback"]) == ("unsubscribe", form["hub.callback"])
    assert await desk.deliver(form, NEW) == 410


async def test_a_hub_that_is_gone_keeps_nobody_from_leaving(desk: Desk) -> None:
    """Its lease ends by itself."""
    await subscribed(desk)
    async with asyncio.timeout(20):
        await desk.subscriber.close()


async def test_a_bug_with_one_hub_is_survived(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The subscriptions are looked after again at the next tick."""
    await desk.poller.poll()
    real, calls = desk.subscriber._fetcher.post, []

    async def post(url: str, form: Mapping[str, str]) -> Fetched:
        calls.append(url)
        if len(calls) == 1:
            desk.clock.advance(HOUR)
            raise RuntimeError("a bug")
        return await real(url, form)

    monkeypatch.setattr(desk.subscriber._fetcher, "post", post)
    running = asyncio.create_task(desk.subscriber.run())
    async with asyncio.timeout(20):
        await desk.publisher.hub_asked.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    assert len(calls) == 2


async def test_without_a_public_address_it_is_said_once() -> None:
    """The sources are polled; the log tells what is missing."""
    with capture_logs() as logs:
        hubs = Unsubscribed("LIVELINE_PUBLIC_URL", structlog.get_logger())
        for hub in (None, Hub("https://hub.test/", "https://news.test/"), Hub("https://hub.test/", "https://b.test/")):
            hubs.found("evening-post", hub)

    (said,) = logs
    assert (said["event"], said["not_set"]) == ("websub.not_subscribed", "LIVELINE_PUBLIC_URL")
    assert not hubs.is_active("evening-post")
