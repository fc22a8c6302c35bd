"""What is wrong with a newsroom's rules and sinks beyond their shape: names, conditions, keys that contradict."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from streams.alerts.cel import compile_alert_condition, compile_condition
from streams.alerts.cel.errors import CelError
from streams.alerts.title import Title

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.alert_rule import AlertRule, Sink
    from schemas.newsroom import Newsroom

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in `liveline.yaml` and what is wrong there."""

    place: Place
    message: str


def rule_problems(newsroom: "Newsroom") -> Iterator[Problem]:
    """Yield what is wrong with rules and sinks, in the order of the file."""
    yield from _twice("alerts", "rule", newsroom.alerts)
    for number, rule in enumerate(newsroom.alerts):
        yield from (Problem(("alerts", number, key), message) for key, message in rule.problems())
        yield from (Problem(("alerts", number, *place), message) for place, message in _rule(rule, newsroom))
    yield from _twice("sinks", "sink", newsroom.sinks)
    for number, sink in enumerate(newsroom.sinks):
        unless = sink.quiet.unless if sink.quiet else None
        if unless is not None and (wrong := _alert_condition(unless)):
            yield Problem(("sinks", number, "quiet", "unless"), wrong)


def _twice(key: str, what: str, given: "Iterable[AlertRule | Sink]") -> Iterator[Problem]:
    seen: set[str] = set()
    for number, each in enumerate(given):
        if each.id in seen:
            yield Problem((key, number, "id"), f"{what} {each.id!r} is there twice; each needs an id of its own")
        seen.add(each.id)


def _rule(rule: "AlertRule", newsroom: "Newsroom") -> Iterator[tuple[Place, str]]:
    for key in ("when", "urgent"):
        if (text := getattr(rule, key)) is not None and (message := _condition(text)):
            yield (key,), message
    if rule.title is not None and (message := _title(rule.title)):
        yield ("title",), message
    coverages = [coverage.id for coverage in newsroom.coverages]
    for wanted in rule.coverages or ():
        if "*" not in wanted and wanted not in coverages:
            yield ("coverages",), f"unknown coverage {wanted!r}{_nearest(wanted, coverages)}"
    sources = [source.id for source in newsroom.all_sources()]
    for source in rule.sources or ():
        if sources and source not in sources:
            yield ("sources",), f"unknown source {source!r}{_nearest(source, sources)}"
    yield from _sinks(rule, [sink.id for sink in newsroom.sinks])


def _sinks(rule: "AlertRule", sinks: list[str]) -> Iterator[tuple[Place, str]]:
    for number, to in enumerate(rule.to):
        if to.sink not in sinks:
            yield ("to", number), f"unknown sink {to.sink!r}{_nearest(to.sink, sinks)}"
        if to.condition is not None and (message := _alert_condition(to.condition)):
            yield ("to", number, "if"), message


def _title(text: str) -> str | None:
    try:
        Title.compile(text)
    except CelError as error:
        return str(error)
    return None


def _condition(text: str) -> str | None:
    try:
        compile_condition(text)
    except CelError as error:
        return _at(text, error)
    return None


def _alert_condition(text: str) -> str | None:
    try:
        compile_alert_condition(text)
    except CelError as error:
        return _at(text, error)
    return None


def _at(text: str, error: CelError) -> str:
    """Return what is wrong, and after which text, if it is not the beginning."""
    before = " ".join(text[: error.position].split())
    return f"{error} (after {before[-30:]!r})" if before else str(error)


def _nearest(name: str, known: "Iterable[str]") -> str:
    choices = sorted(known)
    nearest = get_close_matches(name, choices, n=1)
    if nearest:
        return f"; did you mean {nearest[0]}?"
    return f"; expected one of {', '.join(choices)}" if choices else "; none is configured"
