"""`liveline.yaml` read as a `Newsroom`; whatever is wrong is named with its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from schemas.newsroom import Newsroom

Place = tuple[str | int, ...]


def read_newsroom(path: Path) -> tuple[Newsroom, list[str]]:
    """Return what a file says, and a line for each problem; with problems the newsroom is empty."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Newsroom(), [f"{path}: cannot be read ({error}); expected a YAML file in UTF-8"]
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return Newsroom(), [_syntax(path, error)]
    if tree is None:
        return Newsroom(), []
    lines: dict[Place, int] = {}
    twice = list(_walk(tree, (), lines))
    if twice:
        return Newsroom(), [f"{path}:{line}: {_dotted(place)}: written twice; expected once" for place, line in twice]
    try:
        return Newsroom.model_validate(found), []
    except ValidationError as error:
        return Newsroom(), [_problem(path, dict(problem), lines) for problem in error.errors(include_url=False)]


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


def _problem(path: Path, problem: dict[str, Any], lines: dict[Place, int]) -> str:
    place: Place = tuple(problem["loc"])
    at = next(lines[place[:size]] for size in range(len(place), -1, -1) if place[:size] in lines)
    if problem["type"] == "extra_forbidden":
        said = "is no setting; see docs/configuration.md"
    elif problem["type"] == "missing":
        said = "missing; it is required"
    else:
        said = problem["msg"].removeprefix("Value error, ")
        if place and not isinstance(problem["input"], dict | list) and repr(problem["input"]) not in said:
            said += f"; found {problem['input']!r}"
    return f"{path}:{at}: {_dotted(place) + ': ' if place else ''}{said}"


def _syntax(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or str(error)
    return f"{path}{f':{mark.line + 1}' if mark else ''}: not YAML: {said}"


def _dotted(place: Place) -> str:
    return ".".join(map(str, place))
