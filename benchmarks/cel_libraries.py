"""Conditions by Liveline's CEL and by the two CEL libraries for Python: what they say, and what an evaluation costs.

pip install -r requirements/bench.txt
python benchmarks/cel_libraries.py
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cel
import celpy

from schemas import Coverage, Entry, Source
from streams.alerts.cel import Reading, compile_condition

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
ENTRY = Entry.model_validate(
    {
        "entry_id": "e",
        "revision": 1,
        "change": "created",
        "status": "usable",
        "coverage_id": "harbour-fire",
        "source_id": "evening-post",
        "received_at": NOON,
        "processed_at": NOON,
        "headline": "Fire at the café by the quay",
        "body_text": "Crews are at work on the north quay. " * 20,
        "urgency": 2,
        "figures": [{"kind": "dead", "value": 3, "text": "3", "start": 0, "end": 1}],
        "places": [{"name": "Quayside", "country": "GB"}],
        "entities": [{"type": "person", "name": "Ada Ruiz", "text": "Ruiz", "start": 0, "end": 4}] * 6,
    }
)
CONDITIONS = (
    'entry.urgency <= 3 && entry.figures.exists(f, f.kind in ["dead", "injured"])',
    'entry.breaking || entry.headline.contains("quake")',
    'entry.places.exists(p, p.country == "GB") && entry.figures.exists(f, f.kind == "dead" && f.value >= 2)',
)
# What CEL's specification and the contract say of them.
CASES = (
    ("entry.figures[0].value > 2.5", True),
    ("1 in [1.0]", True),
    ('"café".size() == 4', True),
    ("1 / 0 > 1 || true", True),
    ("entry.published_at == null", True),
    ("entry.published_at < entry.received_at", False),
    ("entry.summary.contains('x')", False),
)
ROUNDS = 2_000


def said(run: Callable[[], Any]) -> str:
    """Return what an evaluation yields, or the name of its error."""
    try:
        return str(run())
    except Exception as error:  # noqa: BLE001  (each library has its own)
        return type(error).__name__


def cost(run: Callable[[], Any]) -> float:
    """Return the microseconds of processor time of one evaluation."""
    start = time.process_time()
    for _ in range(ROUNDS):
        run()
    return (time.process_time() - start) / ROUNDS * 1e6


def liveline(text: str) -> Callable[[], Any]:
    """Return an evaluation by Liveline."""
    condition = compile_condition(text)
    reading = Reading(ENTRY, Coverage(id="harbour-fire"), Source(id="evening-post"))
    return lambda: condition.holds(reading)


def common_expression_language(text: str) -> Callable[[], Any]:
    """Return an evaluation by the Rust library, which takes plain values."""
    program, plain = cel.compile(text), ENTRY.model_dump(mode="json") | {"breaking": ENTRY.breaking}
    return lambda: program.execute({"entry": plain})


def cel_python(text: str) -> Callable[[], Any]:
    """Return an evaluation by the library in Python, which takes values of its own."""
    environment = celpy.Environment()
    program = environment.program(environment.compile(text))
    plain = ENTRY.model_dump(mode="json") | {"breaking": ENTRY.breaking}
    return lambda: program.evaluate({"entry": celpy.json_to_cel(plain)})


def main() -> None:
    """Print both tables."""
    runs = {each.__name__: each for each in (liveline, common_expression_language, cel_python)}
    for text, expected in CASES:
        print(text, "| expected", expected, "|", {name: said(make(text)) for name, make in runs.items()})
    for text in CONDITIONS:
        print(text, "|", {name: f"{cost(make(text)):.1f} us" for name, make in runs.items()})


if __name__ == "__main__":
    main()
