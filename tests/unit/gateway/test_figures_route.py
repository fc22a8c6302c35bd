"""`GET /v1/coverages/{coverage}/figures`: what was reported when."""

from datetime import timedelta
from typing import Any

import pytest
from gateway_harness import NOON, an_entry

from schemas import Change, Status
from schemas.entry import Bound, Figure, FigureKind
from tests.unit.gateway.archive_bench import ArchiveBench

PATH = "/v1/coverages/harbour-fire/figures"


def dead(
    value: float, bound: Bound | None = None, kind: FigureKind = FigureKind.DEAD, unit: str | None = None
) -> Figure:
    """Return a figure."""
    return Figure(kind=kind, value=value, bound=bound, unit=unit, text=str(value), start=0, end=1)


def said(number: int, revision: int, minute: int, *figures: Figure, **fields: Any) -> Any:
    """Return a revision that gives these figures."""
    return an_entry(number, revision, figures=figures, updated_at=NOON + timedelta(minutes=minute), **fields)


def points(told: Any) -> list[tuple[Any, ...]]:
    """Return the points of the only series, short."""
    (series,) = told["figures"]
    return [(each["at"][14:16], each["value"], each["revision"], each["standing"]) for each in series["points"]]


async def test_each_change_of_a_value_is_a_point(bench: ArchiveBench) -> None:
    """Over all sources, oldest first; what the entry says no more does not stand, also when it returns to it later."""
    await bench.publish(
        [
            said(1, 1, 0, dead(3)),
            said(2, 1, 5, dead(5, Bound.LEAST), source_id="radio-quay"),
            said(1, 2, 7, dead(3), body_text="Other words"),
            said(1, 3, 9, dead(5)),
            said(1, 4, 12, dead(3)),
            said(3, 1, 11, dead(7)),
        ]
    )
    told = await bench.json(PATH)

    assert points(told) == [
        ("00", 3, 1, False), ("05", 5, 1, True), ("09", 5, 3, False), ("11", 7, 1, True), ("12", 3, 4, True),
    ]  # fmt: skip
    assert told["figures"][0]["kind"] == "dead"
    assert "unit" not in told["figures"][0]
    assert told["figures"][0]["points"][1] == {
        "at": "2024-05-01T12:05:00Z",
        "value": 5,
        "bound": "least",
        "source_id": "radio-quay",
        "entry_id": an_entry(2).entry_id,
        "revision": 1,
        "standing": True,
    }


async def test_what_is_gone_does_not_stand(bench: ArchiveBench) -> None:
    """A retraction, and an edit that names no figure any more; what is restored is a new point."""
    await bench.publish([said(1, 1, 0, dead(3)), said(2, 1, 1, dead(4)), said(2, 2, 2)])
    await bench.publish([said(1, 2, 3, change=Change.RETRACTED, status=Status.CANCELED, headline=None, body_text=None)])
    assert points(await bench.json(PATH)) == [("00", 3, 1, False), ("01", 4, 1, False)]

    await bench.publish([said(1, 3, 6, dead(3), change=Change.RESTORED)])
    assert points(await bench.json(PATH)) == [("00", 3, 1, False), ("01", 4, 1, False), ("06", 3, 3, True)]


async def test_the_time_is_the_revisions_own(bench: ArchiveBench) -> None:
    """`updated_at`, else `published_at`, else `received_at`."""
    later = NOON + timedelta(minutes=9)
    await bench.publish(
        [
            an_entry(1, figures=[dead(1)], updated_at=NOON + timedelta(minutes=5)),
            an_entry(2, figures=[dead(2)], received_at=later),
            an_entry(3, figures=[dead(3)], published_at=None, received_at=later),
        ]
    )

    assert [point[:2] for point in points(await bench.json(PATH))] == [("00", 2), ("05", 1), ("09", 3)]


async def test_kinds_and_units_are_series_of_their_own(bench: ArchiveBench) -> None:
    """Of one or several kinds; a score is two numbers."""
    score = Figure(kind=FigureKind.SCORE, value=(2, 1), text="2-1", start=0, end=3)
    money = [dead(5, kind=FigureKind.MONEY, unit=unit) for unit in ("GBP", "EUR")]
    await bench.publish([said(1, 1, 0, dead(1), score, *money)])

    def shown(told: Any) -> list[tuple[Any, ...]]:
        return [(each["kind"], each.get("unit"), each["points"][0]["value"]) for each in told["figures"]]

    everything = [("dead", None, 1), ("score", None, [2, 1]), ("money", "EUR", 5), ("money", "GBP", 5)]
    assert shown(await bench.json(PATH)) == everything
    assert shown(await bench.json(f"{PATH}?kind=money,dead")) == [each for each in everything if each[0] != "score"]
    assert shown(await bench.json(f"{PATH}?kind=missing")) == []


async def test_duplicates_come_when_they_are_asked_for(bench: ArchiveBench) -> None:
    """Another source's report of the same makes no second point."""
    await bench.publish([said(1, 1, 0, dead(3)), said(2, 1, 1, dead(3), duplicate_of=an_entry(1).entry_id)])

    assert len(points(await bench.json(PATH))) == 1
    assert len(points(await bench.json(f"{PATH}?duplicates=include"))) == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (PATH, 200),
        (f"{PATH}?kind=deaths", 400),
        (f"{PATH}?duplicates=yes", 400),
        (f"{PATH}?knd=dead", 400),
        ("/v1/coverages/no-such/figures", 404),
        ("/v1/coverages/secret/figures", 404),
    ],
)
async def test_who_is_refused(bench: ArchiveBench, path: str, status: int) -> None:
    """A coverage without figures has none; an unknown one is 404."""
    answer = await bench.get(path)

    assert answer.status == status
    assert status != 200 or answer.body == b'{"figures":[]}'
