"""XML read by local names: agencies send the same elements with, without and with wrong namespaces."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html import unescape

from lxml import etree

from schemas.post import Post
from streams.exceptions import ParseError
from streams.parse.parsed import BadPart
from streams.parse.payload.payload import Payload

Element = etree._Element  # noqa: SLF001  (lxml's own name for its elements)


# Possessive: a row of comments before the root must be matched in one way only, or matching takes for ever.
_ROOT = re.compile(rb"(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>|\s)*+<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL)


def root_name(payload: Payload) -> str:
    """Return the root element's local name, from the document's head: a look must not cost a whole parse."""
    if not payload.looks_like_xml:
        return ""
    found = _ROOT.match(payload.head)
    return found[1].decode() if found else local_name(payload.xml)


def local_name(element: Element) -> str:
    """Return an element's name without its namespace; empty for entities and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


@cache
def _tags(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return what libxml2 is to look for: the names in any namespace or none; without names, any element."""
    return tuple(f"{{*}}{name}" for name in names) or ("{*}*",)


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield the children of these names; without names, all that are elements."""
    return iter(()) if element is None else element.iterchildren(*_tags(names))


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first element at the end of a path of names."""
    for name in path:
        element = next(children(element, name), None)
    return element


def descendants(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield the descendants of these names, in document order."""
    return iter(()) if element is None else element.iterdescendants(*_tags(names))


def attribute(element: Element | None, name: str) -> str | None:
    """Return an attribute with something in it, in whatever namespace."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name and str(value).strip():
            return str(value).strip()
    return None


def text_in(element: Element | None, skip: frozenset[str] = frozenset()) -> str | None:
    """Return all text in an element on one line, without that of elements to skip; None if there is no text."""
    if element is None:
        return None
    return " ".join("".join(_texts(element, skip)).split()) or None


def text_at(element: Element | None, *path: str) -> str | None:
    """Return the text of the first element at the end of a path that has some."""
    if not path:
        return text_in(element)
    return next((text for each in children(element, path[0]) if (text := text_at(each, *path[1:]))), None)


def entity_text(element: object) -> str:
    """Return what an entity that the parser left alone stands for in HTML; others stand for nothing."""
    if not isinstance(element, etree._Entity):  # noqa: SLF001
        return ""
    meant = unescape(element.text or "")
    return "" if meant == element.text else meant


def _texts(element: Element, skip: frozenset[str]) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        name = local_name(each)
        if not name:
            yield entity_text(each)
        elif name not in skip:
            yield from _texts(each, skip)
        yield each.tail or ""


def xpath_of(element: Element, known: dict[Element, dict[Element, str]] | None = None) -> str:
    """Return where an element stands, with local names: `/newsMessage/itemSet/newsItem[2]`.

    `known` keeps the numbered children of each parent, for those who ask about many.
    """
    known = {} if known is None else known
    steps: list[str] = []
    at: Element | None = element
    while at is not None:
        parent = at.getparent()
        if parent is None:
            steps.append(local_name(at))
        else:
            if parent not in known:
                known[parent] = _numbered(parent)
            steps.append(known[parent][at])
        at = parent
    return "/" + "/".join(reversed(steps))


def _numbered(parent: Element) -> dict[Element, str]:
    counts = Counter(local_name(each) for each in children(parent))
    seen: Counter[str] = Counter()
    steps: dict[Element, str] = {}
    for each in children(parent):
        name = local_name(each)
        seen[name] += 1
        steps[each] = f"{name}[{seen[name]}]" if counts[name] > 1 else name
    return steps


def collect_elements(
    payload: Payload, elements: Iterable[Element], read: Callable[[Element], Post | None]
) -> tuple[tuple[Post, ...], tuple[BadPart, ...]]:
    """Read each element at its place; one that raises `ParseError` is bad and the others go on.

    When there is only one, its error is the document's.
    """
    listed = list(elements)
    if len(listed) == 1:
        post = read(listed[0])
        return ((post,) if post is not None else ()), ()
    posts: list[Post] = []
    bad: list[BadPart] = []
    known: dict[Element, dict[Element, str]] = {}
    for element in listed:
        try:
            post = read(element)
        except ParseError as error:
            value = etree.tostring(element, encoding="utf-8", with_tail=False)
            bad.append(BadPart(xpath_of(element, known), str(error), value))
        else:
            if post is not None:
                posts.append(post)
        if len(posts) + len(bad) > payload.limits.max_posts:
            raise ParseError(f"the document has more than {payload.limits.max_posts:,} posts; so many are read at most")
    return tuple(posts), tuple(bad)
