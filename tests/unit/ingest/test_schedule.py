"""When a source is polled next."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from streams.ingest.polling.schedule import (
    JITTER,
    LONGEST_BACK_OFF,
    LONGEST_RETRY_AFTER,
    Answer,
    freshness,
    next_poll,
    retry_after,
)

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
MIDDLE = 0.5  # luck that leaves a wait as it is
ANSWERS = st.builds(
    Answer,
    failures=st.integers(0, 10_000),
    retry_after=st.floats(0, 1e6),
    fresh=st.floats(0, 1e9),
    subscribed=st.booleans(),
)
EVERY = st.floats(0.1, 86_400)
LUCK = st.floats(0, 1)


@pytest.mark.parametrize(
    ("every", "answer", "seconds"),
    [
        (15, Answer(), 15),
        (15, Answer(fresh=10), 15),
        (15, Answer(fresh=40), 40),
        (15, Answer(fresh=3600), 60),  # a CDN's default hour against an editor's 15 s
        (15, Answer(failures=1), 30),
        (15, Answer(failures=3), 120),
        (15, Answer(failures=99), 600),
        (3600, Answer(failures=99), 3600),  # a failing source is not read more often than a good one
        (15, Answer(subscribed=True), 300),
        (2, Answer(subscribed=True), 40),
        (900, Answer(subscribed=True), 900),
        (15, Answer(subscribed=True, failures=1), 30),
        (15, Answer(retry_after=5), 15),
        (15, Answer(failures=1, retry_after=300), 315),  # later than asked for, never sooner
    ],
)
def test_the_wait_is_by_outcome(every: float, answer: Answer, seconds: float) -> None:
    """Interval, freshness, back-off, a hub and `Retry-After`, each where it counts."""
    assert next_poll(every, answer, MIDDLE) == pytest.approx(seconds)


@given(EVERY, ANSWERS, LUCK)
def test_a_source_is_never_asked_sooner_than_agreed(every: float, answer: Answer, luck: float) -> None:
    """Neither than nine tenths of its interval nor than what its server asked for, up to an hour."""
    wait = next_poll(every, answer, luck)

    assert wait >= every * (1 - JITTER) * (1 - 1e-9)
    assert wait >= min(answer.retry_after, LONGEST_RETRY_AFTER)


@given(EVERY, ANSWERS, LUCK)
def test_no_source_is_forgotten(every: float, answer: Answer, luck: float) -> None:
    """Whatever a server says or does not say, the wait has an end."""
    longest = max(every * 4, LONGEST_BACK_OFF, LONGEST_RETRY_AFTER)

    assert next_poll(every, answer, luck) <= longest * (1 + JITTER) * (1 + 1e-9)


@given(EVERY, st.integers(1, 1000), LUCK)
def test_patience_grows_with_failures(every: float, failures: int, luck: float) -> None:
    """One failure more is never a shorter wait."""
    fewer, more = (next_poll(every, Answer(failures=count), luck) for count in (failures, failures + 1))

    assert fewer <= more


@given(EVERY, ANSWERS, LUCK, LUCK)
def test_pollers_that_start_together_drift_apart(every: float, answer: Answer, one: float, other: float) -> None:
    """More luck is a longer wait, within a tenth on either side."""
    first, second = sorted((one, other))

    assert next_poll(every, answer, first) <= next_poll(every, answer, second)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        (format_datetime(NOON + timedelta(minutes=5), usegmt=True), 300),
        ("Wednesday, 01-May-24 12:01:00 GMT", 60),
        ("Wed May  1 12:01:00 2024", 60),
        (format_datetime(NOON - timedelta(minutes=5), usegmt=True), 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
        ("99999999999999999999", 3600),
        ("-5", 0),
        ("1.5", 0),
        ("²", 0),
        ("soon", 0),
        ("", 0),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str, seconds: float) -> None:
    """In each of HTTP's date forms; what is neither says nothing, and an hour is the longest that is believed."""
    assert retry_after(CIMultiDict({"retry-after": said}), NOON) == seconds


@given(st.text(max_size=60))
def test_no_header_breaks_the_schedule(said: str) -> None:
    """A server can write what it likes."""
    headers = CIMultiDict({"Retry-After": said, "Cache-Control": said, "Age": said})

    assert 0 <= retry_after(headers, NOON) <= LONGEST_RETRY_AFTER
    assert freshness(headers) >= 0


@pytest.mark.parametrize(
    ("control", "age", "seconds"),
    [
        ("max-age=30", None, 30),
        ("public, MAX-AGE=30", "10", 20),
        ('max-age="30"', None, 30),
        ("max-age=30", "40", 0),
        ("no-cache, max-age=30", None, 0),
        ("max-age=30, no-store", None, 0),
        ("max-age=x", None, 0),
        ("s-maxage=30", None, 0),  # is for shared caches
        ("", None, 0),
    ],
)
def test_freshness_is_what_is_left_of_max_age(control: str, age: str | None, seconds: float) -> None:
    """What a cache has held for a while is good for less."""
    assert freshness(CIMultiDict({"Cache-Control": control} | ({"Age": age} if age else {}))) == seconds
