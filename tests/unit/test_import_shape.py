"""The shape of the imports: formats beside one another, machinery below them, no circles, imports at the top."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.parse.registry import format_names
from tests.unit.test_imports import MODULES

FORMATS = "streams.parse.formats."
FORMAT_MODULES = sorted({name.removeprefix(FORMATS).partition(".")[0] for name in MODULES if name.startswith(FORMATS)})
MACHINERY = sorted(
    name
    for name in MODULES
    if name.startswith("streams.parse.") and not f"{name}.".startswith(FORMATS) and name != "streams.parse.registry"
)
STRICT = ("schemas", "streams.parse", "streams.dedupe")
"""Rooms in which an import for types alone makes a circle as well."""
INSIDE_FUNCTIONS = {
    ("streams.parse.times.moment", "dateparser"): "takes half a second to import, and is seldom needed",
    ("streams.enrich.entities.spacy_names", "spacy"): "is optional, and takes a second to import",
    ("streams.enrich.registry", "streams.enrich"): "the room imports its registry",
}


def modules_imported(tree: ast.AST, module: str, path: Path) -> Iterator[str]:
    """Yield each module of ours that a piece of code imports; `from room import module` is the module, not the room."""
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            for name in node.names:
                inner = f"{base}.{name.name}"
                yield from [inner] if inner in MODULES else [base] if base in MODULES else []


def graph() -> dict[str, set[str]]:
    """Return what each module imports at its top; what is for types alone counts in the `STRICT` rooms."""
    found = {}
    for module, path in MODULES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        kept = [
            node
            for node in tree.body
            if module.startswith(STRICT) or not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test))
        ]
        code = ast.Module([node for node in kept if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)], [])
        found[module] = set(modules_imported(code, module, path)) - {module}
    return found


def circles(edges: dict[str, set[str]]) -> list[set[str]]:
    """Return the sets of modules that all lead to one another (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        stack.append(module)
        for other in sorted(edges.get(module, ())):
            if other not in number:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in stack:
                lowest[module] = min(lowest[module], number[other])
        if lowest[module] == number[module]:
            start = stack.index(module)
            if len(stack) - start > 1:
                found.append(set(stack[start:]))
            del stack[start:]

    for module in sorted(edges):
        if module not in number:
            visit(module)
    return found


def test_a_file_in_formats_is_a_format_and_has_its_name() -> None:
    """A listing of the folder answers which formats there are; `plain_text` holds `plain-text`."""
    assert [name.replace("_", "-") for name in FORMAT_MODULES] == sorted(format_names())


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith(FORMATS)])
def test_no_format_imports_another(module: str) -> None:
    """What two formats share has a room of its own; a format may be deleted without a look at the others."""
    own = module.removeprefix(FORMATS).partition(".")[0]

    path = MODULES[module]
    used = set(modules_imported(ast.parse(path.read_text(encoding="utf-8")), module, path))
    others = {name for name in used if name.startswith(FORMATS) and name.split(".")[3] != own}

    assert not others


@pytest.mark.parametrize("module", MACHINERY)
def test_machinery_knows_no_format(module: str) -> None:
    """Only the registry looks into the folder, by its listing."""
    path = MODULES[module]
    used = set(modules_imported(ast.parse(path.read_text(encoding="utf-8")), module, path))

    assert not {name for name in used if f"{name}.".startswith(FORMATS)}


def test_no_modules_import_one_another() -> None:
    """Each module can be read, tested and moved with what it imports and nothing else."""
    assert circles(graph()) == []


def test_the_search_finds_a_circle() -> None:
    """What a rule doesn't see, it doesn't hold."""
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == [{"b", "c"}]


def test_imports_stand_at_the_top() -> None:
    """A reader sees what a module needs; loading late is an exception with a reason."""
    inside = set()
    for module, path in MODULES.items():
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import):
                        inside |= {(module, name.name) for name in node.names}
                    elif isinstance(node, ast.ImportFrom):
                        inside.add((module, node.module or "."))

    assert inside == set(INSIDE_FUNCTIONS)
