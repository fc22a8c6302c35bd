"""Log events have stable dotted names with fields: operators search for them, and a sentence changes."""

import ast
import re
from pathlib import Path

import pytest

from tests.unit.test_imports import MODULES

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
NAME = re.compile(r"[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)+")
SPOKEN_TO_A_PERSON = {
    "streams.bootstrap.process": "what is wrong with the variables, a line each",
    "streams.bootstrap.together": "what the embedded broker can't do",
}


def events(path: Path) -> list[tuple[int, ast.expr]]:
    """Return what is logged in a file, each with its line: the first argument of a level's method of a log."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
            owner = ast.unparse(node.func.value)
            if node.args and (owner.split(".")[-1].lstrip("_") == "log" or owner.startswith("structlog.")):
                found.append((node.lineno, node.args[0]))
    return found


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_log_event_has_a_dotted_name(module: str) -> None:
    """Such as `partition.taken_over`; a choice between two names is fine."""
    for line, event in events(MODULES[module]):
        names = [node.value for node in ast.walk(event) if isinstance(node, ast.Constant) and node.value is not None]
        if isinstance(event, ast.IfExp):
            names = [each.value for each in (event.body, event.orelse) if isinstance(each, ast.Constant)]
        if module in SPOKEN_TO_A_PERSON:
            continue
        assert names, f"{module}:{line}: {ast.unparse(event)}"
        assert all(isinstance(name, str) and NAME.fullmatch(name) for name in names), f"{module}:{line}: {names}"
