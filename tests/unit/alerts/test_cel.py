"""Conditions in CEL: what they mean, and what is refused before they run."""

from typing import Any

import pytest
from alert_desk import entry, figure

from schemas import Coverage, Entry, Source
from streams.alerts.cel import Reading, compile_condition
from streams.alerts.cel.errors import FAILURES, CelError, CostExceededError
from streams.alerts.cel.expression import OnlyId

ENTRY = entry(
    "a",
    "12:00",
    headline="Fire at the Café",
    body_text="Mayor Ada Ruíz spoke on the quay.",
    urgency=2,
    figures=[figure("dead", 3), figure("dead", 5), {**figure("score", 0), "value": [2, 1]}],
    places=[{"name": "Quayside", "country": "GB", "latitude": 53.1, "longitude": -1.2}],
    authors=["Ana Reyes", "Bo Lind"],
    entities=[{"type": "organisation", "name": "Harbour Authority", "text": "HA", "start": 0, "end": 2}],
)
READING = Reading(ENTRY, Coverage(id="harbour-fire", title="Harbour"), Source(id="evening-post", language="en-GB"))


@pytest.mark.parametrize(
    "text",
    [
        # The contract's own words.
        'entry.urgency <= 3 && entry.figures.exists(f, f.kind in ["dead", "injured"])',
        'entry.summary == "" && entry.links == [] && !entry.breaking && entry.published_at == null',
        "!(entry.published_at < entry.received_at) && !(entry.published_at != entry.received_at)",
        'entry.figure("injured") == null && !(entry.figure("injured") != null)',
        '!(entry.figure("injured") == 3) && !(entry.figure("injured") != 3) && !(entry.figure("injured") in [3])',
        'entry.figure("dead") == 5 && entry.figure("score") == 3',
        'entry.mentions("ada ruiz") && entry.mentions("CAFE") && entry.mentions("harbour authority")',
        '!entry.mentions("Ada Rui") && !entry.mentions("fire mayor") && !entry.mentions("")',
        "entry.near(53, -1, 20) && !entry.near(51.5, 0, 20)",
        'coverage.title == "Harbour" && source.language == "en-GB" && !coverage.closed',
        'entry.received_at > timestamp("2024-05-01T11:00:00Z")',
        'entry.received_at - entry.first_published_at == duration("60s")',
        'entry.received_at.getHours() == 12 && entry.received_at.getHours("Europe/London") == 13',
        "entry.updated_at.getHours() == 3 || true",
        'entry.change == "created" && entry.kind == "post" && "dead" in entry.figures.map(f, f.kind)',
        "has(entry.urgency) && !has(entry.url) && !has(entry.origin.offset)",
        # CEL's specification.
        "1 == 1.0 && 1 in [1.0] && 1 < 1.5 && !(true == dyn(1))",
        '"café".size() == 4 && size([1, 2]) == 2 && b"caf\\xc3\\xa9".size() == 7',
        "1 / 0 > 1 || true",
        "!(1 / 0 > 1 && false)",
        "-7 / 2 == -3 && -7 % 2 == -1 && 7 % -2 == 1",
        "[1, 2, 3].all(x, x > 0) && [1, 2, 3].exists_one(x, x == 2) && [1, 2].map(x, x > 1, x * 2) == [4]",
        "[0, 1].exists(x, 1 / x == 1)",
        "[[1], [2]].exists(x, x.exists(y, y == 2))",
        "true" + " && true" * 1_000,
        "false" + " || false" * 500 + " || true",
        'entry.headline.startsWith("Fire") && entry.headline.endsWith("Café") && entry.headline.contains("at")',
        'entry.headline.matches("(?i)fire.*caf.") && !"abc".matches("^b")',
        'entry.authors[1] == "Bo Lind" && {"a": 1}.a == 1 && {"a": 1}["a"] == 1 && "a" in {"a": 1}',
        "true ? entry.urgency == 2 : 1 / 0 == 1",
        "r'\\d' == '\\\\d' && '''it's''' == \"it's\" && 0x10 == 16 && 1e3 == 1000.0 && .5 == 0.5  // a comment",
        'int("3") == 3 && string(3) == "3" && double("1.5") == 1.5 && bool("true") && type(1) == int',
        'duration("1h30m") == duration("90m") && timestamp("2024-05-01T14:00:00+02:00").getHours() == 12',
        "2 + 3 * 4 == 14 && (2 + 3) * 4 == 20 && 7 - 2 - 1 == 4",
        '"a" + "b" == "ab" && [1] + [2] == [1, 2]',
    ],
)
def test_a_condition_that_holds(text: str) -> None:
    """Each of these is true of the entry."""
    assert compile_condition(text).holds(READING)


@pytest.mark.parametrize(
    "text",
    [
        "entry.authors[7] == 'x'",
        "1 / 0 > 1",
        "entry.figures.exists(f, f.value >= 9)",
        "9223372036854775807 + 1 > 0",
        "entry.updated_at - entry.received_at > duration('1h')",
        "dyn('a') < 1",
    ],
)
def test_an_error_is_told_from_false(text: str) -> None:
    """The engine counts it."""
    with pytest.raises(FAILURES):
        compile_condition(text).holds(READING)


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("entry.urgncy < 3", 6, "did you mean entry.urgency?"),
        ("urgency < 3", 0, "did you mean entry.urgency?"),
        ("entry.figures.exists(f, f.knd == 'dead')", 26, "unknown field 'knd'; did you mean entry.figures[].kind?"),
        ("entry.figure('deaths') > 1", 13, "did you mean dead?"),
        ("entry.urgency == 'high'", 0, "int == string never holds"),
        ("entry.published_at > '2026'", 0, "timestamp > string never holds"),
        ("entry.figures.kind == 'dead'", 14, "use .exists(x, ...)"),
        ("entry.headline", 0, "is a string; expected a condition"),
        ("entry.headline.matches('(')", 23, "is no pattern"),
        ("entry.received_at > timestamp('noon')", 30, "is no timestamp"),
        ("nope(1)", 0, "unknown function 'nope'"),
        ("entry.mention('x')", 0, "did you mean mentions?"),
        ("entry.mentions(1)", 0, "takes a string"),
        ("source.id == 'a' &&", 19, "found the end"),
        ("a.b.c", 0, "unknown name 'a'"),
        ("'open", 0, "unexpected"),
        ("1 ? true : false", 0, "before ? stands a condition"),
        ("entry.breaking && 1", 0, "never holds"),
        ("!" * 70 + "true", 0, "nested deeper"),
        ("(" * 70 + "true" + ")" * 70, 60, "nested deeper"),
        ("true" + " " * 10_001, 0, "characters"),
        ("1" + " + 1" * 70 + " > 0", 242, "operators in a row"),
        ("entry" + ".origin" * 70, 425, "operators in a row"),
        ("[1].all(a, [1].all(b, [1].all(c, [1].all(d, [1].all(e, true)))))", 44, "loops inside one another"),
    ],
)
def test_what_can_never_hold_is_refused_with_its_place(text: str, position: int, said: str) -> None:
    """Before anything runs, and with what was probably meant."""
    with pytest.raises(CelError) as refused:
        compile_condition(text)

    assert said in str(refused.value)
    assert refused.value.position == position


def test_one_evaluation_has_a_cost_limit() -> None:
    """Loops inside loops over long lists end, and no `||` absorbs that."""
    numbers = f"[{','.join(map(str, range(100)))}]"
    condition = compile_condition(f"{numbers}.all(a, {numbers}.all(b, {numbers}.all(c, a + b + c >= 0))) || true")

    with pytest.raises(CostExceededError):
        condition.holds(READING)


def test_what_costs_nothing_is_asked_first() -> None:
    """Whatever its place among the operands: the loops are not even begun."""
    numbers = f"[{','.join(map(str, range(100)))}]"
    loops = f"{numbers}.all(a, {numbers}.all(b, {numbers}.all(c, a + b + c >= 0)))"

    assert not compile_condition(f"{loops} && entry.urgency == 9").holds(READING)


def test_a_result_that_rules_share_costs_each_of_them_the_same() -> None:
    """Whether a condition exceeds its limit does not depend on the rules beside it."""
    numbers = f"[{','.join(map(str, range(250)))}]"
    loops = f"{numbers}.all(a, {numbers}.all(b, a + b >= 0))"
    reading = Reading(ENTRY, READING.coverage, READING.source)
    alone, twice = compile_condition(loops), compile_condition(f"{loops} && {loops}")

    assert alone.holds(reading)
    assert alone.holds(reading)
    with pytest.raises(CostExceededError):
        twice.holds(reading)


def test_an_operand_that_fails_is_no_false_one() -> None:
    """A false operand absorbs the error of another, before or after it; a true one does not."""
    assert not compile_condition("entry.authors[7] == 'x' && entry.urgency == 9").holds(READING)
    assert not compile_condition("entry.authors[7] == 'x' && entry.mentions('Nobody')").holds(READING)
    with pytest.raises(FAILURES):
        compile_condition("entry.authors[7] == 'x' && entry.mentions('Ada Ruiz')").holds(READING)
    with pytest.raises(FAILURES):
        compile_condition("entry.mentions('Ada Ruiz') && dyn(1)").holds(READING)


def test_of_an_unconfigured_source_only_the_id_is_there() -> None:
    """Its other fields are absent, and no error."""
    reading = Reading(ENTRY, OnlyId("harbour-fire"), OnlyId("evening-post"))

    assert compile_condition('source.id == "evening-post" && source.timezone == "" && coverage.title == ""').holds(
        reading
    )


@pytest.mark.parametrize(
    ("text", "edit", "same"),
    [
        ("entry.urgency < 3", {"headline": "Other"}, True),
        ("entry.urgency < 3", {"urgency": 1}, False),
        (
            'entry.figures.exists(f, f.kind == "dead")',
            {"figures": [figure("dead", 9)] * 2 + [figure("score", 1)]},
            True,
        ),
        ("entry.figures.exists(f, f.value > 2)", {"figures": [figure("dead", 9)]}, False),
        ('entry.figure("dead") > 2', {"figures": [figure("dead", 5), figure("injured", 5)]}, True),
        ('entry.mentions("Ada")', {"body_text": "Ada Ruiz again"}, False),
        ("entry.authors.size() > 1", {"authors": ["Cy", "Di"]}, True),
        ("has(entry.urgency)", {"urgency": 7}, True),
    ],
)
def test_what_a_condition_reads_says_whether_an_edit_changes_anything(
    text: str,
    edit: dict[str, Any],
    same: bool,  # noqa: FBT001
) -> None:
    """Of a list's elements only the fields that are read count."""
    condition = compile_condition(text)
    edited = Entry.model_validate(ENTRY.model_dump() | edit)

    assert (condition.values(edited) == condition.values(ENTRY)) is same
