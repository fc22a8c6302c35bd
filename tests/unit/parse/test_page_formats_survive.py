"""Whatever a page or an API sends, only `ParseError` comes out: nodes dropped, retyped, doubled, deep nesting."""

from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.exceptions import ParseError
from streams.parse import Parsed
from tests.unit.parse.pages import SAMPLES, read, read_file

JSON_SAMPLES = {
    "guardian-dcr": "guardian-dcr/page.json",
    "guardian-capi": "guardian-capi/item.json",
    "bbc": "bbc/stream.json",
    "bbc page": "bbc/page.json",
    "sourcefabric": "sourcefabric/posts.json",
    "scribblelive": "scribblelive/posts.json",
    "nyt": "nyt/preloaded.json",
    "wordpress-liveblog": "wordpress-liveblog/entries.json",
}
HTML_SAMPLES = {
    "liveblogposting": "liveblogposting/page.html",
    "microdata": "microdata/page.html",
    "wordpress-liveblog": "wordpress-liveblog/page.html",
    "page-clocks": "page-clocks/page.html",
    "page-markup": "page-markup/page.html",
}
ODD = st.sampled_from(
    [None, True, False, 0, -1, 1e308, 2**63, "", " ", "x", "\x00", "<p>", "<script>alert(1)</script>", "\ud7ff", "//[",
     "http://[", "12:75", "9999-99-99T99:99:99Z", [], {}, [[]], [None], {"": None}, {"name": {"name": []}},
     ["x", {"@id": 1}]]
)  # fmt: skip
HARD = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the places of all values within a value."""
    found = [place] if place else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        found += places(child, (*place, key))
    return found


def changed(value: Any, place: tuple[Any, ...], how: str, odd: Any) -> None:
    """Change what stands at a place: drop it, put something odd there, or double it."""
    for step in place[:-1]:
        value = value[step]
    last = place[-1]
    if how == "drop":
        del value[last]
    elif how == "retype":
        value[last] = deepcopy(odd)  # another change may reach into it
    elif isinstance(value, list):
        value.insert(last, deepcopy(value[last]))
    else:
        value[last] = [value[last], deepcopy(value[last])]


def tolerated(body: bytes, content_type: str, name: str) -> Parsed | None:
    """Parse and let only `ParseError` pass; what is read must be posts that can be written as JSON."""
    try:
        parsed = read(body, content_type, name=name)
    except ParseError:
        return None
    for post in parsed.posts:
        post.to_json()
    assert all(isinstance(part.value, bytes) and part.error for part in parsed.bad)
    return parsed


@pytest.mark.parametrize("sample", JSON_SAMPLES)
@HARD
@given(data=st.data())
def test_changed_json_gives_posts_or_a_parse_error(sample: str, data: st.DataObject) -> None:
    """A node dropped, retyped or doubled anywhere never raises anything but `ParseError`."""
    value = orjson.loads((SAMPLES / JSON_SAMPLES[sample]).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        everywhere = places(value)
        if not everywhere:
            break
        place = data.draw(st.sampled_from(everywhere))
        changed(value, place, data.draw(st.sampled_from(["drop", "retype", "double"])), data.draw(ODD))

    tolerated(orjson.dumps(value), "application/json", sample.removesuffix(" page"))


@pytest.mark.parametrize("sample", ["liveblogposting", *JSON_SAMPLES])
@HARD
@given(data=st.data())
def test_json_of_another_format_is_refused_politely(sample: str, data: st.DataObject) -> None:
    """A parser that is told to read another format's document finds nothing or says so."""
    other = data.draw(st.sampled_from(sorted(JSON_SAMPLES.values())))

    tolerated((SAMPLES / other).read_bytes(), "application/json", sample.removesuffix(" page"))


@pytest.mark.parametrize("sample", HTML_SAMPLES)
@HARD
@given(data=st.data())
def test_changed_html_gives_posts_or_a_parse_error(sample: str, data: st.DataObject) -> None:
    """A page with a piece cut out, doubled or overwritten never raises anything but `ParseError`."""
    body = (SAMPLES / HTML_SAMPLES[sample]).read_bytes()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, max(0, len(body) - 1)))
        end = min(len(body), start + data.draw(st.integers(0, 200)))
        piece = data.draw(
            st.sampled_from([b"", body[start:end] * 2, b'"', b"<", b"</div>", b"<!--", b"\x00", b"<template>"])
        )
        body = body[:start] + piece + body[end:]
    if body.strip():
        tolerated(body, "text/html", sample)


@pytest.mark.parametrize("sample", [*JSON_SAMPLES, "liveblogposting"])
def test_json_nested_too_deep_is_a_parse_error(sample: str) -> None:
    """A thousand brackets are refused, not followed."""
    inner = '{"a":' * 900 + "1" + "}" * 900
    for body in (inner, "[" * 900 + "]" * 900, '{"@type": "LiveBlogPosting", "liveBlogUpdate": [' + inner + "]}"):
        try:
            read(body, "application/json", name=sample.removesuffix(" page"))
        except ParseError:
            continue


@pytest.mark.parametrize("sample", HTML_SAMPLES)
def test_html_nested_too_deep_is_survived(sample: str) -> None:
    """A page with 3,000 boxes in each other is read or refused."""
    body = (SAMPLES / HTML_SAMPLES[sample]).read_text()
    deep = body.replace("<p>", "<div>" * 3_000 + "<p>", 1)

    tolerated(deep.encode(), "text/html", sample)


@pytest.mark.parametrize("sample", [*JSON_SAMPLES.values(), *HTML_SAMPLES.values()])
def test_each_sample_is_recognised_without_a_hint(sample: str) -> None:
    """A format's own sample is found by its content alone and read by the parser of its folder."""
    parsed = read_file(SAMPLES / sample)

    assert parsed.format == sample.partition("/")[0]
    assert parsed.posts
