"""An expression's text as tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from streams.alerts.cel.errors import CelSyntaxError

_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+|//[^\n]*)
    | (?P<float>(?:\d+\.\d+(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+))
    | (?P<int>0[xX][0-9a-fA-F]+|\d+)[uU]?
    | (?P<string>(?P<prefix>[rRbB]{0,2})(?:
          \"\"\"(?P<s1>(?:\\.|[^\\])*?)\"\"\"
        | '''(?P<s2>(?:\\.|[^\\])*?)'''
        | "(?P<s3>(?:\\.|[^"\\\n])*)"
        | '(?P<s4>(?:\\.|[^'\\\n])*)'))
    | (?P<name>[A-Za-z_]\w*)
    | (?P<operator>&&|\|\||<=|>=|==|!=|[-+*/%<>!?:.,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE: Final = re.compile(
    r"\\(?:(?P<simple>[abfnrtv\\?\"'`])|[xX](?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})"
    r"|(?P<octal>[0-3][0-7]{2})|(?P<wrong>.))",
    re.DOTALL,
)
_SIMPLE: Final = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True))
_LARGEST_INT: Final = 2**63
_RESERVED: Final = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the expression: `kind` is `literal`, `name`, `operator` or `end`."""

    kind: str
    text: str
    start: int
    end: int
    value: Any = None


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of an expression, then one of kind `end`."""
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise CelSyntaxError(f"unexpected {text[position]!r}", position)
        if not found["space"]:
            yield _token(found)
        position = found.end()
    yield Token("end", "", len(text), len(text))


def _token(found: re.Match[str]) -> Token:
    start, end, written = found.start(), found.end(), found.group()
    if found["float"]:
        return Token("literal", written, start, end, float(written))
    if found["int"]:
        value = int(found["int"], 16 if found["int"][:2] in {"0x", "0X"} else 10)
        if value > _LARGEST_INT:
            raise CelSyntaxError(f"{written} is larger than CEL's integers (2^63 - 1)", start)
        return Token("literal", written, start, end, value)
    if found["string"]:
        return Token("literal", written, start, end, _string(found, start))
    if found["name"]:
        if written in {"true", "false", "null"}:
            return Token("literal", written, start, end, {"true": True, "false": False, "null": None}[written])
        if written in _RESERVED:
            raise CelSyntaxError(f"{written!r} is a reserved word", start)
        return Token("operator" if written == "in" else "name", written, start, end)
    return Token("operator", written, start, end)


def _string(found: re.Match[str], start: int) -> str | bytes:
    prefix = found["prefix"].lower()
    if len(set(prefix)) != len(prefix):
        raise CelSyntaxError(f"unexpected prefix {found['prefix']!r}", start)
    body = next(found[name] for name in ("s1", "s2", "s3", "s4") if found[name] is not None)
    if "r" not in prefix:
        body = _ESCAPE.sub(lambda escape: _escaped(escape, start), body)
    return body.encode() if "b" in prefix else body


def _escaped(escape: re.Match[str], start: int) -> str:
    if simple := escape["simple"]:
        return _SIMPLE.get(simple, simple)
    if escape["wrong"]:
        raise CelSyntaxError(f"unknown escape {escape.group()!r}; expected one such as \\n, or r'...'", start)
    digits = escape["x"] or escape["u"] or escape["U"]
    code = int(digits, 16) if digits else int(escape["octal"], 8)
    try:
        return chr(code)
    except (ValueError, OverflowError) as error:
        raise CelSyntaxError(f"{escape.group()!r} is no character", start) from error
