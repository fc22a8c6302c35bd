"""A subscription's life."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from streams.ingest.websub.discovery import Hub
from streams.ingest.websub.subscription import State, Subscription

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
TOPIC = "https://news.test/feed"
HOUR = timedelta(hours=1)


def new() -> Subscription:
    """Return a subscription that nobody has asked for yet."""
    return Subscription("evening-post", Hub("https://hub.test/", TOPIC), "token", "secret", NOON, NOON)


def test_it_is_asked_for_confirmed_and_renewed_before_its_end() -> None:
    """Four fifths of the lease are waited for; until its end the hub's promise holds."""
    asked = new().request(NOON)
    active = asked.confirm(NOON, 10 * HOUR)

    assert new().is_due(NOON)
    assert (asked.is_due(NOON), asked.is_active(NOON)) == (False, False)
    assert [active.is_due(NOON + hours * HOUR) for hours in (0, 7.9, 8)] == [False, False, True]
    assert [active.is_active(NOON + hours * HOUR) for hours in (0, 9.9, 10)] == [True, True, False]
    renewed = active.request(NOON + 8 * HOUR)
    assert renewed.is_active(NOON + 9 * HOUR)
    assert renewed.confirm(NOON + 8 * HOUR, 10 * HOUR).is_active(NOON + 17 * HOUR)


@pytest.mark.parametrize(
    ("lease", "wait"),
    [(timedelta(seconds=1), timedelta(minutes=1)), (timedelta(days=365), timedelta(days=10)), (10 * HOUR, 8 * HOUR)],
)
def test_a_renewal_is_neither_hasty_nor_forgotten(lease: timedelta, wait: timedelta) -> None:
    """A hub that leases for seconds is not asked every second, one that leases for years is asked now and then."""
    assert new().request(NOON).confirm(NOON, lease).ask_at == NOON + wait


def test_a_hub_that_says_nothing_is_asked_again_each_time_later() -> None:
    """From a minute to six hours."""
    waits, subscription, now = [], new(), NOON
    for _ in range(11):
        subscription = subscription.request(now)
        waits.append((subscription.ask_at - now) / timedelta(minutes=1))
        now = subscription.ask_at

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]


def test_a_hub_that_denies_is_left_alone_for_a_day() -> None:
    """Then it is asked once more."""
    denied = new().request(NOON).confirm(NOON, HOUR).deny(NOON)

    assert not denied.is_active(NOON)
    assert [denied.is_due(NOON + hours * HOUR) for hours in (1, 23.9, 24)] == [False, False, True]
    assert denied.request(NOON + 24 * HOUR).expects("subscribe", TOPIC)


ASKED = new().request(NOON)
ACTIVE = ASKED.confirm(NOON, HOUR)


@pytest.mark.parametrize(
    ("subscription", "mode", "topic", "expected"),
    [
        (new(), "subscribe", TOPIC, False),
        (ASKED, "subscribe", TOPIC, True),
        (ASKED, "subscribe", TOPIC + "/", False),
        (ASKED, "unsubscribe", TOPIC, False),
        (ASKED, "", TOPIC, False),
        (ACTIVE, "subscribe", TOPIC, True),
        (ACTIVE, "unsubscribe", TOPIC, False),
        (ACTIVE.deny(NOON), "subscribe", TOPIC, False),
        (ACTIVE.leave(), "unsubscribe", TOPIC, True),
        (ACTIVE.leave(), "unsubscribe", "other", False),
        (ACTIVE.leave(), "subscribe", TOPIC, False),
    ],
)
def test_only_what_we_want_is_confirmed(subscription: Subscription, mode: str, topic: str, *, expected: bool) -> None:
    """Somebody else's idea of ours is answered with a no."""
    assert subscription.expects(mode, topic) is expected


class Life(RuleBasedStateMachine):
    """Any order of what can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.it = new()

    @rule(seconds=st.integers(1, 200_000))
    def time_passes(self, seconds: int) -> None:
        """Move the clock on, and ask if that is due."""
        self.now += timedelta(seconds=seconds)
        if self.it.is_due(self.now):
            self.it = self.it.request(self.now)

    @rule(lease=st.integers(1, 10**8))
    def the_hub_confirms(self, lease: int) -> None:
        """Let it verify what we want, for a time."""
        if self.it.expects("subscribe", TOPIC):
            self.it = self.it.confirm(self.now, timedelta(seconds=lease))

    @rule()
    def the_hub_denies(self) -> None:
        """Let it want us no more."""
        if self.it.state is not State.LEAVING:
            self.it = self.it.deny(self.now)

    @invariant()
    def it_is_asked_for_again_one_day(self) -> None:
        """No order of events leaves a source without its hub for good, or asks a hub without pause."""
        assert self.it.ask_at <= self.now + timedelta(days=10)
        assert not self.it.is_due(self.now) or self.it.asked == 0

    @invariant()
    def it_is_active_within_a_lease_only(self) -> None:
        """Without the hub's word the source is polled as if there were none."""
        assert not self.it.is_active(self.now) or self.it.state is State.ACTIVE


TestLife = Life.TestCase
