"""CEL's grammar (cel-spec, langdef): an expression's text as a tree.

Written here because neither `common-expression-language` nor `cel-python` shows its tree in a form that can be checked
against a schema; `benchmarks/cel_libraries.py` has the figures of both.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

from streams.alerts.cel.errors import CelSyntaxError
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
from streams.alerts.cel.tokens import Token, tokens

LONGEST_CHARS: Final = 10_000
_DEEPEST: Final = 60
_LOGIC_LEVELS: Final = 2
"""How many of the levels below are `||` and `&&`, whose operands may be grouped at will."""
_LARGEST_INT: Final = 2**63 - 1
_LEVELS: Final = (("||",), ("&&",), ("<", "<=", ">", ">=", "==", "!=", "in"), ("+", "-"), ("*", "/", "%"))

_Item = TypeVar("_Item")


def parse(text: str) -> Node:
    """Return the tree of an expression; raises `CelSyntaxError`."""
    if len(text) > LONGEST_CHARS:
        raise CelSyntaxError(f"{len(text)} characters; expected at most {LONGEST_CHARS}")
    return _Parser(list(tokens(text))).whole()


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    @property
    def _end(self) -> int:
        return self._tokens[self._at - 1].end

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _accept(self, *operators: str) -> Token | None:
        if self._next.kind == "operator" and self._next.text in operators:
            return self._take()
        return None

    def _expect(self, operator: str) -> Token:
        if token := self._accept(operator):
            return token
        raise self._unexpected(f"expected {operator!r}")

    def _unexpected(self, expected: str) -> CelSyntaxError:
        found = repr(self._next.text) if self._next.kind != "end" else "the end"
        return CelSyntaxError(f"found {found}, {expected}", self._next.start)

    def whole(self) -> Node:
        """Read all of the text as one expression."""
        node = self._expression()
        if self._next.kind != "end":
            raise self._unexpected("expected an operator or the end")
        return node

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CelSyntaxError(f"nested deeper than {_DEEPEST}", self._next.start)
        test = self._binary(0)
        if self._accept("?"):
            yes = self._binary(0)
            self._expect(":")
            no = self._expression()
            test = Ternary(test.start, self._end, test, yes, no)
        self._depth -= 1
        return test

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        if level < _LOGIC_LEVELS:
            operands = [left]
            while self._accept(*_LEVELS[level]):
                operands.append(self._binary(level + 1))
            return _balanced(_LEVELS[level][0], operands)
        length = 0
        while operator := self._accept(*_LEVELS[level]):
            length = self._lengthened(length, operator)
            right = self._binary(level + 1)
            left = Binary(left.start, self._end, operator.text, left, right)
        return left

    @staticmethod
    def _lengthened(length: int, token: Token) -> int:
        if length == _DEEPEST:
            raise CelSyntaxError(f"more than {_DEEPEST} operators in a row", token.start)
        return length + 1

    def _unary(self) -> Node:
        signs = []
        while sign := self._accept("!", "-"):
            signs.append(sign)
        if len(signs) > _DEEPEST:
            raise CelSyntaxError(f"nested deeper than {_DEEPEST}", signs[0].start)
        if signs and signs[-1].text == "-" and isinstance(self._next.value, int | float) and not _is_bool(self._next):
            sign, number = signs.pop(), self._take()
            node: Node = self._members(Literal(sign.start, number.end, -number.value))
        else:
            node = self._members(self._primary())
        for sign in reversed(signs):
            node = Unary(sign.start, self._end, sign.text, node)
        return node

    def _members(self, node: Node) -> Node:
        length = 0
        while True:
            length = self._lengthened(length, self._next)
            if self._accept("."):
                field = self._take()
                if field.kind != "name":
                    self._at -= 1
                    raise self._unexpected("expected a field's name")
                if self._accept("("):
                    node = Call(node.start, 0, field.text, node, self._list(")"))
                    node = Call(node.start, self._end, node.name, node.target, node.arguments)
                else:
                    node = Select(node.start, field.end, node, field.text)
            elif self._accept("["):
                key = self._expression()
                self._expect("]")
                node = Index(node.start, self._end, node, key)
            else:
                return node

    def _primary(self) -> Node:
        token = self._take()
        if token.kind == "literal":
            if isinstance(token.value, int) and token.value > _LARGEST_INT:
                raise CelSyntaxError(f"{token.text} is larger than CEL's integers (2^63 - 1)", token.start)
            return Literal(token.start, token.end, token.value)
        if token.kind == "name":
            if self._accept("("):
                arguments = self._list(")")
                return Call(token.start, self._end, token.text, None, arguments)
            return Name(token.start, token.end, token.text)
        if token.text == "(":
            node = self._expression()
            return replace(node, start=token.start, end=self._expect(")").end)
        if token.text == "[":
            items = self._list("]")
            return ListLiteral(token.start, self._end, items)
        if token.text == "{":
            return self._map(token)
        self._at -= 1
        raise self._unexpected("expected a value")

    def _list(self, closing: str) -> tuple[Node, ...]:
        return tuple(self._separated(closing, self._expression))

    def _map(self, opening: Token) -> Node:
        def pair() -> tuple[Node, Node]:
            key = self._expression()
            self._expect(":")
            return key, self._expression()

        items = tuple(self._separated("}", pair))
        return MapLiteral(opening.start, self._end, items)

    def _separated(self, closing: str, read: Callable[[], _Item]) -> list[_Item]:
        found: list[_Item] = []
        while not self._accept(closing):
            found.append(read())
            if not self._accept(","):
                self._expect(closing)
                break
        return found


def _balanced(sign: str, operands: list[Node]) -> Node:
    """Return a chain of `&&` or `||` as a tree that is not deep, however long the chain."""
    if len(operands) == 1:
        return operands[0]
    middle = len(operands) // 2
    left, right = _balanced(sign, operands[:middle]), _balanced(sign, operands[middle:])
    return Binary(left.start, right.end, sign, left, right)


def _is_bool(token: Token) -> bool:
    return isinstance(token.value, bool)
