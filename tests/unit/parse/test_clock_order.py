"""Clocks without dates find their days."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Document, Source
from streams.parse.payload.payload import Payload
from streams.parse.times.clock_days import Dated, resolve
from streams.parse.times.stamp import Stamp

RECEIVED = datetime(2024, 6, 10, 17, 0, tzinfo=UTC)


def content(timezone: str = "Europe/London") -> Payload:
    """Return a document of a source in a zone."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type="text/plain",
        body=b"x",
    )
    return Payload(document, Source(id="evening-post", timezone=timezone))


def dated(*clocks: str) -> list[Dated]:
    """Return clocks as a page shows them."""
    return [Dated(Stamp(0, time.fromisoformat(clock))) for clock in clocks]


@given(
    st.lists(st.integers(1, 11 * 60), min_size=3, max_size=60),
    st.integers(0, 600),
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Kolkata", "UTC"]),
    st.booleans(),
)
def test_a_page_in_order_gets_its_days_back(gaps: list[int], age: int, zone: str, newest_first: bool) -> None:  # noqa: FBT001
    """However many days it runs over, with less than half a day between posts, each clock finds its own day."""
    at = RECEIVED - timedelta(minutes=age)
    instants = [at]
    for gap in gaps:
        instants.append(instants[-1] - timedelta(minutes=gap))
    shown = instants if newest_first else instants[::-1]

    moments = resolve(dated(*(f"{one.astimezone(ZoneInfo(zone)):%H:%M}" for one in shown)), content(zone))

    assert [moment.at for moment in moments] == shown
    assert {moment.basis for moment in moments} == {"date_inferred"}


@pytest.mark.parametrize(
    ("clocks", "days"),
    [
        (("00:05", "23:58", "00:02", "23:50"), (10, 9, 10, 9)),
        (("09:00", "08:30", "13:00", "08:10"), (10, 10, 10, 10)),
        (("09:00", "08:30", "13:00", "12:40", "11:00"), (10, 10, 9, 9, 9)),
        (("12:00", "12:00", "12:00"), (10, 10, 10)),
        (("17:05",), (10,)),
        (("23:00",), (9,)),
    ],
)
def test_disorder_and_long_pauses_are_told_apart(clocks: tuple[str, ...], days: tuple[int, ...]) -> None:
    """Minutes out of order and a single stray stay on their day; what goes on is a day before."""
    assert tuple(moment.at.day for moment in resolve(dated(*clocks), content("UTC"))) == days


def test_no_clocks_are_no_instants() -> None:
    """An empty page resolves to nothing."""
    assert resolve([], content()) == []
