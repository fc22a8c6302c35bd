"""An expression's tree, checked against the schema and compiled to closures.

A closure takes a frame: the entry, its coverage, its source, the steps that are left, what is made once for an entry,
and then the variables of macros. `benchmarks/cel_libraries.py` compares the speed with that of CEL libraries.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from schemas.alert import Alert
from schemas.entry import Entry, FigureKind
from schemas.newsroom import Coverage, Source
from streams.alerts.cel import macros, operators
from streams.alerts.cel.entry_functions import ENTRY_FUNCTIONS
from streams.alerts.cel.errors import CelTypeError, EvaluationError
from streams.alerts.cel.frame import Run
from streams.alerts.cel.functions import FUNCTIONS, METHODS, Function, check_constant
from streams.alerts.cel.reads import Project, Reads
from streams.alerts.cel.syntax import (
    Binary,
    Call,
    Index,
    ListLiteral,
    Literal,
    MapLiteral,
    Name,
    Node,
    Select,
    Ternary,
    Unary,
)
from streams.alerts.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DYN,
    INT,
    MAP,
    NULL,
    STRING,
    TYPE,
    Kind,
    Type,
    fits,
    joined,
    list_of,
    object_of,
)
from streams.alerts.cel.values import index

FIRST_VARIABLE: Final = 5
_DEEPEST_MACROS: Final = 4
_FIGURES: Final = frozenset(map(str, FigureKind))
ALERT: Final = object_of(Alert, "alert")
NAMES: Final = {
    "entry": object_of(Entry, "entry"),
    "coverage": object_of(Coverage, "coverage"),
    "source": object_of(Source, "source"),
}
_TYPE_NAMES: Final = frozenset(
    ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "timestamp", "duration", "type"]
)
_LITERALS: Final = {bool: BOOL, int: INT, float: DOUBLE, str: STRING, bytes: BYTES, type(None): NULL}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A part of an expression that is ready to run."""

    type: Type
    run: Run
    reads: Reads | None = None
    """Where the value stands in the entry, when it is one of the entry's own."""


@dataclass(frozen=True, slots=True)
class _Variable:
    slot: int
    type: Type
    reads: Reads | None


class Compiler:
    """Compiles one expression and notes what it reads."""

    def __init__(self, names: Mapping[str, Type] = NAMES) -> None:
        self.kinds: set[FigureKind] = set()
        self.slots = FIRST_VARIABLE
        self.shown: dict[str, Run] = {}
        """What a reason shows: the values of the entry, by the name under which the expression reads them."""
        self._reads = Reads()
        self._projects: dict[str, Project] = {}
        self._depth = 0
        self._scope = {
            name: _Variable(slot, kind, self._reads if name == "entry" else None)
            for slot, (name, kind) in enumerate(names.items())
        }

    def values(self) -> Project:
        """Return a function from an entry to the values of it that were read."""
        read, more = self._reads.project(), [project for _, project in sorted(self._projects.items())]
        return lambda entry: (read(entry), *(project(entry) for project in more))

    def compile(self, node: Node) -> Compiled:
        """Return a node whose whole value is used."""
        compiled = self.visit(node)
        if compiled.reads is not None:
            compiled.reads.whole = True
        return compiled

    def visit(self, node: Node) -> Compiled:
        """Return a node of whose value perhaps only a part is used."""
        method = getattr(self, f"_{type(node).__name__.lower()}")
        found: Compiled = method(node)
        return found

    def _literal(self, node: Literal) -> Compiled:
        value = node.value
        return Compiled(_LITERALS[type(value)], lambda _: value)

    def _name(self, node: Name) -> Compiled:
        if found := self._scope.get(node.name):
            slot = found.slot
            return Compiled(found.type, lambda frame: frame[slot], found.reads)
        if node.name in _TYPE_NAMES:
            name = node.name
            return Compiled(TYPE, lambda _: name)
        for name, variable in self._scope.items():
            if node.name in variable.type.fields:
                raise CelTypeError(f"unknown name {node.name!r}; did you mean {name}.{node.name}?", node.start)
        raise _unknown("name", node.name, (*self._scope, *FUNCTIONS), node)

    def _select(self, node: Select) -> Compiled:
        operand = self.visit(node.operand)
        name = node.field
        if operand.type.kind in {Kind.DYN, Kind.MAP}:
            if operand.reads is not None:
                operand.reads.whole = True
            inner = operand.run
            return Compiled(DYN, lambda frame: _key(inner(frame), name))
        if operand.type.kind is not Kind.OBJECT:
            hint = "; use .exists(x, ...)" if operand.type.kind is Kind.LIST else ""
            raise CelTypeError(f"{operand.type} has no field {name!r}{hint}", node.end - len(name))
        if name not in operand.type.fields:
            known = operand.type.fields
            raise _unknown("field", name, known, node, node.end - len(name), f"{operand.type}.")
        found = operand.type.fields[name]
        reads = operand.reads.member(name) if operand.reads is not None else None
        run = operators.select(operand.run, name, found)
        if reads is not None and self._depth == 0 and found.kind is not Kind.OBJECT:
            self.shown[name] = run
        return Compiled(found, run, reads)

    def _index(self, node: Index) -> Compiled:
        operand, key = self.visit(node.operand), self.compile(node.key)
        element = operand.type.element if operand.type.kind is Kind.LIST else DYN
        if operand.type.kind not in {Kind.LIST, Kind.MAP, Kind.DYN}:
            raise CelTypeError(f"{operand.type} has no elements", node.start)
        if operand.type.kind is Kind.LIST and not (key.type.numeric or key.type.kind is Kind.DYN):
            raise CelTypeError(f"a list's index is an int; found {key.type}", node.key.start)
        reads = None
        if operand.reads is not None:
            reads = operand.reads.element() if operand.type.kind is Kind.LIST else None
            operand.reads.whole |= reads is None
        container, at = operand.run, key.run
        return Compiled(element or DYN, lambda frame: index(container(frame), at(frame)), reads)

    def _unary(self, node: Unary) -> Compiled:
        operand = self.compile(node.operand)
        wanted = {"!": (BOOL,), "-": (INT, DOUBLE)}[node.operator]
        if not any(fits(operand.type, each) for each in wanted):
            raise CelTypeError(f"{node.operator} needs a {wanted[0]}; found {operand.type}", node.start)
        return Compiled(operand.type if node.operator == "-" else BOOL, operators.unary(node.operator, operand.run))

    def _binary(self, node: Binary) -> Compiled:
        left, right = self.compile(node.left), self.compile(node.right)
        self._note_kinds(node, left.type, right.type)
        found = operators.binary_type(node.operator, left.type, right.type, node)
        return Compiled(found, operators.binary(node.operator, left.type, right.type, left.run, right.run))

    def _note_kinds(self, node: Binary, left: Type, right: Type) -> None:
        """Note the kinds of figures that a comparison names."""
        if node.operator not in {"==", "!=", "in"}:
            return
        kind = FigureKind.__name__
        for one, literal in ((left, node.right), (right, node.left)):
            if kind in (one.name, one.element.name if one.element else ""):
                items = literal.items if isinstance(literal, ListLiteral) else (literal,)
                words = [item.value for item in items if isinstance(item, Literal)]
                self.kinds |= {FigureKind(word) for word in words if word in _FIGURES}

    def _ternary(self, node: Ternary) -> Compiled:
        test, yes, no = self.compile(node.test), self.compile(node.yes), self.compile(node.no)
        if not fits(test.type, BOOL):
            raise CelTypeError(f"before ? stands a condition; found {test.type}", node.start)
        return Compiled(joined(yes.type, no.type), operators.ternary(test.run, yes.run, no.run))

    def _listliteral(self, node: ListLiteral) -> Compiled:
        items = [self.compile(item) for item in node.items]
        element: Type | None = None
        for item in items:
            element = item.type if element is None else joined(element, item.type)
        if all(isinstance(item, Literal) for item in node.items):
            values = tuple(item.value for item in node.items if isinstance(item, Literal))
            return Compiled(list_of(element or DYN), lambda _: values)
        runs = [item.run for item in items]
        return Compiled(list_of(element or DYN), lambda frame: tuple([run(frame) for run in runs]))

    def _mapliteral(self, node: MapLiteral) -> Compiled:
        runs = [(self.compile(key).run, self.compile(value).run) for key, value in node.items]
        return Compiled(MAP, lambda frame: {key(frame): value(frame) for key, value in runs})

    def _call(self, node: Call) -> Compiled:
        if node.target is None:
            if node.name == "has":
                return self._has(node)
            if node.name not in FUNCTIONS:
                raise _unknown("function", node.name, FUNCTIONS, node)
            return self._function(node, FUNCTIONS[node.name], None)
        if node.name in macros.MACROS:
            return self._macro(node, node.target)
        if node.name in ENTRY_FUNCTIONS and isinstance(node.target, Name) and node.target.name == "entry":
            return self._entry_function(node)
        if node.name not in METHODS:
            known = [*METHODS, *macros.MACROS, *ENTRY_FUNCTIONS]
            raise _unknown("function", node.name, known, node)
        return self._function(node, METHODS[node.name], node.target)

    def _has(self, node: Call) -> Compiled:
        if len(node.arguments) != 1 or not isinstance(node.arguments[0], Select):
            raise CelTypeError("has() takes a field, such as has(entry.urgency)", node.start)
        field = node.arguments[0]
        compiled = self.visit(field)
        if compiled.reads is not None:
            compiled.reads.present = True
        run = compiled.run
        if compiled.type.kind is Kind.DYN and compiled.reads is None:
            container, name = self.visit(field.operand).run, field.field
            return Compiled(BOOL, lambda frame: name in container(frame))
        return Compiled(BOOL, lambda frame: operators.present(run(frame)))

    def _function(self, node: Call, function: Function, target: Node | None) -> Compiled:
        nodes = (target, *node.arguments) if target is not None else node.arguments
        sized = node.name == "size" and len(nodes) == 1
        given = [self.visit(each) if sized else self.compile(each) for each in nodes]
        if sized and (reads := given[0].reads) is not None:
            if given[0].type.kind is Kind.LIST:
                reads.element()
            else:
                reads.whole = True
        function.check(node, [each.type for each in given])
        check_constant(node, nodes)
        return Compiled(function.result, function.compile([each.run for each in given]))

    def _entry_function(self, node: Call) -> Compiled:
        function = ENTRY_FUNCTIONS[node.name]
        given = [self.compile(each) for each in node.arguments]
        function.check(node, [each.type for each in given])
        literals = [each.value if isinstance(each, Literal) else None for each in node.arguments]
        if node.name == "figure":
            self._note_figure(node, literals[0])
        self._projects[f"{node.name} {literals}"] = function.reads(literals)
        run = function.compile([each.run for each in given])
        if node.name == "figure" and literals[0] is not None and self._depth == 0:
            self.shown[str(literals[0])] = run
        return Compiled(function.result, run)

    def _note_figure(self, node: Call, kind: Any) -> None:
        if kind is None:
            self.kinds |= set(FigureKind)
        elif kind in _FIGURES:
            self.kinds.add(FigureKind(kind))
        else:
            raise _unknown("kind of figure", kind, _FIGURES, node, node.arguments[0].start)

    def _macro(self, node: Call, target: Node) -> Compiled:
        macro = macros.MACROS[node.name]
        if len(node.arguments) not in macro.arguments or not isinstance(node.arguments[0], Name):
            raise CelTypeError(f"{node.name} is written .{node.name}({macro.usage})", node.start)
        operand = self.visit(target)
        if operand.type.kind not in {Kind.LIST, Kind.MAP, Kind.DYN}:
            raise CelTypeError(f".{node.name} goes over a list; found {operand.type}", node.start)
        if operand.reads is not None and operand.type.kind is not Kind.LIST:
            operand.reads.whole = True
        is_list = operand.type.kind is Kind.LIST
        element = (operand.type.element if is_list else None) or DYN
        reads = operand.reads.element() if operand.reads is not None and is_list else None
        with self._variable(node, node.arguments[0].name, element, reads) as slot:
            bodies = [self.compile(each) for each in node.arguments[1:]]
        for body, each in zip(bodies, node.arguments[1:], strict=True):
            if (node.name != "map" or each is not node.arguments[-1]) and not fits(body.type, BOOL):
                raise CelTypeError(f"{node.name} needs a condition; found {body.type}", each.start)
        if node.name == "filter":  # what is left of the list is still the entry's own
            return Compiled(operand.type, macros.run(node.name, operand.run, slot, bodies[0].run), operand.reads)
        result = list_of(bodies[-1].type) if node.name == "map" else BOOL
        return Compiled(result, macros.run(node.name, operand.run, slot, *[body.run for body in bodies]))

    @contextmanager
    def _variable(self, node: Node, name: str, kind: Type, reads: Reads | None) -> Iterator[int]:
        if self._depth == _DEEPEST_MACROS:
            raise CelTypeError(f"more than {_DEEPEST_MACROS} loops inside one another", node.start)
        before, slot = self._scope, self.slots
        self.slots += 1
        self._depth += 1
        self._scope = {**before, name: _Variable(slot, kind, reads)}
        yield slot
        self._scope = before
        self._depth -= 1


def _key(container: Any, name: str) -> Any:
    if isinstance(container, dict) and name in container:
        return container[name]
    raise EvaluationError(f"no field {name!r}")


def _unknown(
    what: str, name: str, known: Any, node: Node, position: int | None = None, prefix: str = ""
) -> CelTypeError:
    nearest = get_close_matches(name, list(known), n=1)
    advice = f"; did you mean {prefix}{nearest[0]}?" if nearest else f"; expected one of {', '.join(sorted(known))}"
    return CelTypeError(f"unknown {what} {name!r}{advice}", node.start if position is None else position)


__all__ = ["FIRST_VARIABLE", "Compiled", "Compiler", "Run"]
