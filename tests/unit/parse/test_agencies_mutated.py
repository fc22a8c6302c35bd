"""Whatever happens to an agency's document on its way, nothing but `ParseError` comes out of its parser."""

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import SAMPLES, read

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e300, "", " ", "x", "2024-13-45", "<b>", "&#0;", [], {}, [None], [[[]]], {"": None},
    {"value": 7}, ["a", {"name": []}], 10**30, "\u0000\ufffe", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
)  # fmt: skip
NAMES = ("p", "nitf", "body", "headline", "newsItem", "NewsItem", "NewsComponent", "media", "table", "x", "HeadLine")
XML = ("nitf/article.xml", "newsml-g2/message.xml", "newsml-1/message.xml")
JSON = ("ninjs/text.json", "ninjs/text-3.json", "ninjs/ap-feed.json")
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(found: Any) -> list[tuple[Any, Any]]:
    """Return every container in a JSON value with each of its keys."""
    if isinstance(found, dict | list):
        keys = list(found) if isinstance(found, dict) else list(range(len(found)))
        return [*((found, key) for key in keys), *(place for key in keys for place in places(found[key]))]
    return []


def mutate_json(found: Any, random: Random) -> Any:
    """Return the value with something in it dropped, retyped, doubled or wrapped."""
    all_places = places(found)
    if not all_places:
        return deepcopy(random.choice(ODD))
    container, key = random.choice(all_places)
    match random.randrange(4):
        case 0:
            del container[key]
        case 1:
            container[key] = deepcopy(random.choice(ODD))
        case 2:
            container[key] = [container[key], deepcopy(container[key])]
        case _:
            other, name = random.choice(all_places)
            container[key] = deepcopy(other[name]) if name in other or isinstance(other, list) else None
    return found


def mutate_xml(root: etree._Element, random: Random) -> None:
    """Drop, rename, empty, move or double an element, or spoil its attributes."""
    elements = [each for each in root.iter() if isinstance(each.tag, str)]
    element = random.choice(elements)
    parent = element.getparent()
    match random.randrange(6):
        case 0 if parent is not None:
            parent.remove(element)
        case 1:
            element.tag = random.choice(NAMES)
        case 2:
            element.clear()
        case 3:
            for name in element.attrib:
                element.attrib[name] = random.choice(("", "x", "0", "stat:", "2024-13-45T99", "http://", "-1"))
        case 4 if parent is not None:
            parent.append(etree.fromstring(etree.tostring(element, with_tail=False)))
        case _:
            element.text = random.choice(("", "x", "<b>y", "2024-13-45", "0001-01-01T00:00:00+14:00", "&lt;p>", "\n\n"))


def read_or_refuse(body: bytes, content_type: str, fmt: str) -> None:
    """Read a document; a `ParseError` is as good as posts."""
    try:
        parsed = read(body, content_type, fmt)
    except ParseError:
        return
    assert all(part.place or len(parsed.bad) == 1 for part in parsed.bad)


@pytest.mark.parametrize("name", JSON)
@SETTINGS
@given(random=st.randoms(use_true_random=False), count=st.integers(1, 6))
def test_mutated_ninjs(name: str, random: Random, count: int) -> None:
    """Fields dropped, retyped and doubled do not break the parser."""
    found = json.loads((SAMPLES / name).read_bytes())
    for _ in range(count):
        found = mutate_json(found, random)

    read_or_refuse(json.dumps(found).encode(), "application/json", "ninjs")


@pytest.mark.parametrize("name", XML)
@SETTINGS
@given(random=st.randoms(use_true_random=False), count=st.integers(1, 6))
def test_mutated_xml(name: str, random: Random, count: int) -> None:
    """Elements dropped, renamed, emptied and doubled do not break the parser."""
    root = etree.fromstring((SAMPLES / name).read_bytes().replace(b"&nbsp;", b" "))
    for _ in range(count):
        mutate_xml(root, random)

    read_or_refuse(etree.tostring(root), "application/xml", name.partition("/")[0])


@SETTINGS
@given(random=st.randoms(use_true_random=False), count=st.integers(1, 8))
def test_mutated_wire(random: Random, count: int) -> None:
    """Lines dropped, doubled and cut, and bytes spoilt, do not break the parser."""
    lines = (SAMPLES / "iptc7901" / "message.txt").read_bytes().split(b"\n")
    for _ in range(count):
        place = random.randrange(len(lines) or 1)
        match random.randrange(4):
            case 0:
                lines[place : place + 1] = []
            case 1:
                lines.insert(place, lines[place] if lines else b"=")
            case 2:
                lines[place : place + 1] = [line[: random.randrange(10)] for line in lines[place : place + 1]]
            case _:
                lines.insert(place, bytes(random.randrange(256) for _ in range(5)))
        lines = lines or [b""]

    read_or_refuse(b"\n".join(lines), "text/plain", "iptc7901")


@SETTINGS
@given(random=st.randoms(use_true_random=False), count=st.integers(1, 4), batch=st.booleans())
def test_mutated_events(random: Random, count: int, *, batch: bool) -> None:
    """A spoilt envelope does not break the parser either."""
    inner = json.loads((SAMPLES / "ninjs" / "text.json").read_bytes())
    found: Any = {"specversion": "1.0", "id": "e1", "source": "s", "type": "t", "time": "2024-05-01T12:00:00Z",
                  "datacontenttype": "application/json", "data": inner}  # fmt: skip
    found = [found, deepcopy(found)] if batch else found
    for _ in range(count):
        found = mutate_json(found, random)

    read_or_refuse(json.dumps(found).encode(), "application/json", "cloudevents")


@pytest.mark.parametrize("fmt", ["ninjs", "belga-360", "cloudevents"])
@given(found=st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(), st.lists))
@settings(max_examples=50, deadline=None)
def test_any_json_told_to_be_a_format(fmt: str, found: Any) -> None:
    """A wrong hint is an error, not a crash."""
    read_or_refuse(json.dumps(found).encode() or b"0", "application/json", fmt)


@pytest.mark.parametrize("fmt", ["nitf", "newsml-g2", "newsml-1", "cp-publish", "ritzau", "press-release", "iptc7901"])
@pytest.mark.parametrize("body", [b"<x/>", b"<NewsML/>", b"<nitf/>", b"x", b"\x00\x01", b"<newsMessage/>", b"{}"])
def test_any_text_told_to_be_a_format(fmt: str, body: bytes) -> None:
    """A wrong hint is an error, not a crash."""
    read_or_refuse(body, "application/octet-stream", fmt)
