"""Text as wires set it, lines cut at some 70 characters, made into paragraphs."""

import re
from html import escape
from textwrap import dedent

_FULL_CHARS = 45  # characters: a shorter line ends its paragraph
_WRAPPED_CHARS = 100  # a longer one was never cut: each line is a paragraph of its own
_ITEM = re.compile(r"^(?:[-*#\u2022\u2013\u2014]|\d{1,2}[.)])\s")
_BLOCK = re.compile(r"(?i)<(?:p|div|br|ul|ol|table|h\d|block|section|article|body)[\s/>]")
_ONE_PARAGRAPH = re.compile(r"(?is)\s*<p>([^<]*)</p>\s*")
_SET_APART = re.compile(r"\n {2,}\S|\n\s*\n")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")


def unwrap(text: str) -> list[str]:
    """Return paragraphs; a blank line or an indented one begins the next, list items stay apart."""
    paragraphs: list[list[str]] = []
    fresh, last = True, ""
    for raw in _dedent(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        line = raw.strip()
        if not line:
            fresh = True
            continue
        indented = raw.startswith("  ") and not last.startswith("  ")
        if fresh or indented or not _FULL_CHARS <= len(last.rstrip()) <= _WRAPPED_CHARS or _ITEM.match(line):
            paragraphs.append([])
        paragraphs[-1].append(line)
        fresh, last = False, raw
    return [" ".join(lines) for lines in paragraphs]


def _dedent(text: str) -> str:
    """Return text without the indentation that all lines but the first share: the file's, not the sender's."""
    first, _, rest = text.expandtabs(4).partition("\n")
    return f"{first}\n{dedent(rest)}"


def paragraphs_of(text: str) -> str:
    """Return the text with its paragraphs parted by blank lines."""
    return "\n\n".join(unwrap(text))


def has_blocks(html: str) -> bool:
    """Whether HTML has paragraphs or other blocks, rather than a few inline tags."""
    return bool(_BLOCK.search(html))


def looks_like_html(text: str) -> bool:
    """Whether text holds markup rather than an odd angle bracket."""
    return bool(_TAG.search(text))


def html_of(text: str) -> str:
    """Return HTML of text that may be HTML already, or text with a few inline tags in it."""
    only = _ONE_PARAGRAPH.fullmatch(text)
    if only and _SET_APART.search(_dedent(only[1].strip())):  # wire text that somebody put into one element
        return "".join(f"<p>{paragraph}</p>" for paragraph in unwrap(only[1]))
    if has_blocks(text):
        return text
    quote = (lambda line: line) if looks_like_html(text) else (lambda line: escape(line, quote=False))
    return "".join(f"<p>{quote(paragraph)}</p>" for paragraph in unwrap(text))
