"""`liveline.yaml` read as a `Newsroom`; whatever is wrong is named with its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from schemas.newsroom import Newsroom
from streams.alerts.check import rule_problems
from streams.settings.newsroom_keys import advice, nearest
from streams.settings.yaml_loader import Loader

Place = tuple[str | int, ...]
_OF_PYDANTIC = ("function-", "tagged-", "nullable")


def read_newsroom(path: Path) -> tuple[Newsroom, list[str]]:
    """Return what a file says, and a line for each problem; with problems the newsroom is empty."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Newsroom(), [f"{path}: cannot be read ({error}); expected a YAML file in UTF-8"]
    try:
        tree = yaml.compose(text, Loader=Loader)
        found = yaml.load(text, Loader=Loader)  # noqa: S506  (a SafeLoader)
    except yaml.YAMLError as error:
        return Newsroom(), [_syntax(path, error)]
    if tree is None:
        return Newsroom(), []
    lines: dict[Place, int] = {}
    twice = list(_walk(tree, (), lines))
    if twice:
        return Newsroom(), [f"{path}:{line}: {_dotted(place)}: written twice; expected once" for place, line in twice]
    try:
        newsroom = Newsroom.model_validate(found)
    except ValidationError as error:
        return Newsroom(), [_problem(path, dict(problem), lines, found) for problem in error.errors(include_url=False)]
    wrong = [_line(path, problem.place, problem.message, lines, found) for problem in rule_problems(newsroom)]
    return (Newsroom(), wrong) if wrong else (newsroom, [])


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int]) -> Iterator[tuple[Place, int]]:
    """Note the line of each place; yield keys that are written twice, of which YAML would silently keep the last."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            if inner in lines:
                yield inner, key.start_mark.line + 1
            lines[inner] = key.start_mark.line + 1
            yield from _walk(value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _walk(value, (*place, index), lines)


def _problem(path: Path, problem: dict[str, Any], lines: dict[Place, int], found: Any) -> str:
    place: Place = tuple(part for part in problem["loc"] if not str(part).startswith(_OF_PYDANTIC))
    if problem["type"] == "extra_forbidden":
        said = f"is no setting; {advice(place)}"
    elif problem["type"] == "missing":
        said = "missing; it is required"
    else:
        said = problem["msg"].removeprefix("Value error, ")
        if place and not isinstance(problem["input"], dict | list) and repr(problem["input"]) not in said:
            said += f"; found {problem['input']!r}"
        if (choices := problem.get("ctx", {}).get("expected")) and isinstance(problem["input"], str):
            said += nearest(problem["input"], choices)
    return _line(path, place, said, lines, found)


def _line(path: Path, place: Place, said: str, lines: dict[Place, int], found: Any) -> str:
    at = next(lines[place[:size]] for size in range(len(place), -1, -1) if place[:size] in lines)
    return f"{path}:{at}: {_dotted(_named(place, found)) + ': ' if place else ''}{said}"


def _named(place: Place, found: Any) -> Place:
    """Return a rule's or a sink's place with its id instead of its number."""
    match place:
        case ("alerts" | "sinks" as key, int(number), *rest):
            try:
                name = found[key][number]["id"]
            except (LookupError, TypeError):
                return place
            # Which of a list's values it is, the message says.
            keys = [part for part in rest if not isinstance(part, int)]
            return (key, name, *keys) if isinstance(name, str) else place
    return place


def _syntax(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or str(error)
    return f"{path}{f':{mark.line + 1}' if mark else ''}: not YAML: {said}"


def _dotted(place: Place) -> str:
    return ".".join(map(str, place))
