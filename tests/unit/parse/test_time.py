"""Times as newsrooms write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Document, Source
from streams.parse.payload.payload import Payload
from streams.parse.times.moment import read_time

RECEIVED = datetime(2023, 5, 21, 13, 0, tzinfo=UTC)
NOON = datetime(2023, 5, 21, 11, 40, tzinfo=UTC)


def content(timezone: str = "Europe/London", **source: object) -> Payload:
    """Return a document of a source in a zone."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type="text/plain",
        body=b"x",
    )
    return Payload(document, Source(id="evening-post", timezone=timezone, **source))


SAME_INSTANT = [
    ("2023-05-21T11:40:00Z", "exact"),
    ("2023-05-21T11:40:00+00:00", "exact"),
    ("2023-05-21T12:40:00+01:00", "exact"),
    ("2023-05-21T12:40:00+0100", "exact"),
    ("2023-05-21T12:40:00+01", "exact"),
    ("2023-05-21 12:40:00 +0100", "exact"),
    ("2023-05-21t11:40:00z", "exact"),
    ("2023-05-21T11:40:00.000000000Z", "exact"),
    ("2023-05-21T11:40Z", "exact"),
    ("20230521T114000Z", "exact"),
    ("2023-05-21 11:40:00 UTC", "exact"),
    ("2023-05-21T12:40:00.000+01:00[Europe/London]", "exact"),
    ("Sun, 21 May 2023 12:40:00 +0100", "exact"),
    ("Sun, 21 May 2023 12:40:00 +0100 (BST)", "exact"),
    ("Sun, 21 May 2023 11:40:00 GMT", "exact"),
    ("Sunday, 21 May 2023 11:40 GMT", "exact"),
    ("21 May 2023 07:40:00 EDT", "exact"),
    ("Sun, 21 May 23 12:40:00 BST", "exact"),
    ("Sun May 21 11:40:00 +0000 2023", "exact"),
    ("May 21, 2023, 7:40 a.m. ET", "exact"),
    ("May 21, 2023 at 12:40pm BST", "exact"),
    (1684669200, "exact"),
    (1684669200.0, "exact"),
    (1684669200000, "exact"),
    ("1684669200", "exact"),
    ("1684669200000", "exact"),
    ("/Date(1684669200000+0000)/", "exact"),
    ("/Date(1684669200000)/", "exact"),
    ("2023-05-21T12:40:00", "zone_assumed"),
    ("2023-05-21 12:40", "zone_assumed"),
    ("2023/05/21 12:40", "zone_assumed"),
    ("20230521124000", "zone_assumed"),
    ("21/05/2023 12:40", "zone_assumed"),
    ("05/21/2023 12:40 PM", "zone_assumed"),
    ("21.05.2023, 12:40 Uhr", "zone_assumed"),
    ("21 May 2023 12.40pm", "zone_assumed"),
    ("21-May-2023 12:40", "zone_assumed"),
    ("domingo, 21 de mayo de 2023 12:40", "zone_assumed"),
    ("21 mai 2023 à 12h40", "zone_assumed"),
    ("21. Mai 2023 um 12:40", "zone_assumed"),
    ("21 maja 2023 12:40", "zone_assumed"),
    ("21 мая 2023 12:40", "zone_assumed"),
    ("2023年5月21日 12:40", "zone_assumed"),
    ("12:40 PM", "date_inferred"),
    ("12:40", "date_inferred"),
    ("07:40 ET", "date_inferred"),
    ("today 12:40", "date_inferred"),
    ("21 May 12:40", "date_inferred"),
]


@pytest.mark.parametrize(("written", "basis"), SAME_INSTANT)
def test_each_notation_of_an_instant_is_that_instant(written: object, basis: str) -> None:
    """However it is written, 12:40 in London on 21 May 2023 is one time; the basis tells how it was found."""
    moment = read_time(written, content())

    assert moment is not None
    assert (moment.at, moment.basis) == (NOON, basis)


@pytest.mark.parametrize(
    "written",
    [
        None, "", " ", True, "soon", "null", "0000-00-00 00:00:00", "2023-13-45", "Thu, 32 May 2023 12:00:00 GMT",
        "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0, 1e300, float("nan"), -1, 10**30,
        "9" * 5000, "12 " * 2000, ["2023"], {"t": 1}, "25:99", "12:40 of the trains ran late",
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(written: object) -> None:
    """Nonsense, empty values and years that can't be are not a time."""
    assert read_time(written, content()) is None


def test_a_clock_of_last_night_is_last_nights() -> None:
    """A clock later than the document was received is the day before's."""
    moment = read_time("23:40", content())

    assert moment is not None
    assert moment.at == datetime(2023, 5, 20, 22, 40, tzinfo=UTC)


def test_a_zulu_that_means_local_time() -> None:
    """Some sources write `Z` and mean their own time; the setting says so."""
    for written in ("2023-05-21T12:40:00Z", "20230521T124000Z"):
        moment = read_time(written, content(zulu_is_local=True))
        assert moment is not None
        assert moment.at == NOON


@pytest.mark.parametrize(("language", "day"), [("en-GB", "2023-04-03"), ("en-US", "2023-03-04"), (None, "2023-04-03")])
def test_a_numeric_date_is_read_as_its_readers_do(language: str | None, day: str) -> None:
    """03/04 is the fourth of March in the United States alone."""
    moment = read_time("03/04/2023 12:00", content("UTC", language=language))

    assert moment is not None
    assert f"{moment.at:%Y-%m-%d}" == day


@given(st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001
def test_what_python_writes_is_read_back(naive: datetime) -> None:
    """ISO 8601 and RFC 2822 of an instant are that instant."""
    at = naive.replace(tzinfo=UTC)

    read = [read_time(written, content()) for written in (at.isoformat(), at.strftime("%a, %d %b %Y %H:%M:%S +0000"))]

    assert [moment and moment.at.replace(microsecond=0) for moment in read] == [at.replace(microsecond=0)] * 2


@given(st.text(max_size=100))
def test_no_text_makes_it_fail(text: str) -> None:
    """Whatever a source writes where a time should be, there is a time or none."""
    read_time(text, content())
