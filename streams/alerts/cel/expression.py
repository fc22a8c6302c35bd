"""A compiled condition: what it says of an entry, what it reads of it, and what its parts say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from schemas.alert import Alert
from schemas.entry import Entry, FigureKind
from schemas.newsroom import Coverage, Source
from streams.alerts.cel.compiler import ALERT, FIRST_VARIABLE, Compiler, Run
from streams.alerts.cel.conjunction import conjunction, operands
from streams.alerts.cel.errors import FAILURES, CelTypeError, CostExceededError
from streams.alerts.cel.parser import parse
from streams.alerts.cel.text import mentionable
from streams.alerts.cel.types import BOOL, fits

COST_LIMIT: Final = 100_000
"""Steps of one evaluation: elements of lists, and text in units of 64 characters; some 20 ms."""


@dataclass(frozen=True, slots=True)
class OnlyId:
    """A source or a coverage that is not configured: of its fields only the id is there."""

    id: str


class Reading:
    """An entry with its coverage and source, as conditions see them; made once for all rules."""

    __slots__ = ("_mentionable", "coverage", "entry", "results", "source")

    def __init__(self, entry: Entry | None, coverage: Coverage | OnlyId, source: Source | OnlyId) -> None:
        self.entry = entry
        self.coverage = coverage
        self.source = source
        self.results: dict[str, tuple[Any, int]] = {}
        """What parts of conditions evaluated to, by their text, with the steps that it took."""
        self._mentionable: str | None = None

    @property
    def mentionable(self) -> str:
        """The folded text, made when a condition first asks for it."""
        if self._mentionable is None:
            self._mentionable = mentionable(self.entry) if self.entry is not None else ""
        return self._mentionable


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition that is ready to be evaluated."""

    text: str
    kinds: frozenset[FigureKind]
    """The kinds of figures that it names."""
    parts: tuple[tuple[str, "Run"], ...]
    """Its operands of `&&`, as written."""
    _run: Run
    _slots: int
    _values: Callable[[Any], Any]
    _shown: tuple[tuple[str, "Run"], ...]

    def holds(self, reading: Reading) -> bool:
        """Return whether the condition holds; raises one of `FAILURES` or `CostExceededError`."""
        return self._run(_frame(reading, self._slots)) is True

    def missed(self, reading: Reading) -> list[str]:
        """Return the parts that do not hold."""
        return [text for text, run in self.parts if not self._part(run, reading)]

    def _part(self, run: Run, reading: Reading) -> bool:
        try:
            return run(_frame(reading, self._slots)) is True
        except (*FAILURES, CostExceededError):
            return False

    def values(self, entry: Entry) -> Any:
        """Return the values of the entry that the condition reads."""
        return self._values(entry)

    def shown(self, reading: Reading) -> Iterator[tuple[str, Any]]:
        """Yield what the condition reads, by name, with its value."""
        for name, run in self._shown:
            try:
                yield name, run(_frame(reading, self._slots))
            except (*FAILURES, CostExceededError):
                continue


def compile_condition(text: str) -> Expression:
    """Return a condition over `entry`, `coverage` and `source`; raises `CelError`."""
    tree = parse(text)
    compiler = Compiler()
    compiled = compiler.compile(tree)
    if not fits(compiled.type, BOOL):
        raise CelTypeError(f"is a {compiled.type}; expected a condition, which is true or false", tree.start)
    operated = [(node, text[node.start : node.end], compiler.compile(node).run) for node in operands(tree)]
    return Expression(
        text=text,
        kinds=frozenset(compiler.kinds),
        parts=tuple((written, run) for _, written, run in operated),
        _run=conjunction(operated),
        _slots=compiler.slots - FIRST_VARIABLE,
        _values=compiler.values(),
        _shown=tuple(compiler.shown.items()),
    )


def compile_value(text: str) -> Callable[[Reading], Any]:
    """Return a value over `entry`, `coverage` and `source`, such as a title shows; raises `CelError`."""
    compiler = Compiler()
    run = compiler.compile(parse(text)).run
    slots = compiler.slots - FIRST_VARIABLE
    return lambda reading: run(_frame(reading, slots))


def compile_alert_condition(text: str) -> Callable[[Alert], bool]:
    """Return a condition over `alert`, as sinks have them; raises `CelError`."""
    compiler = Compiler({"alert": ALERT})
    compiled = compiler.compile(parse(text))
    if not fits(compiled.type, BOOL):
        raise CelTypeError(f"is a {compiled.type}; expected a condition, which is true or false")
    run, slots = compiled.run, compiler.slots - FIRST_VARIABLE

    def holds(alert: Alert) -> bool:
        try:
            return run([alert, None, None, COST_LIMIT, None, *[None] * slots]) is True
        except (*FAILURES, CostExceededError):
            return False

    return holds


def _frame(reading: Reading, slots: int) -> list[Any]:
    return [reading.entry, reading.coverage, reading.source, COST_LIMIT, reading, *[None] * slots]
