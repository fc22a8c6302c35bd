"""HTML, XML and lists that would cost more than they weigh are refused before a tree is built of them."""

import json
from contextlib import suppress

import pytest

from streams.exceptions import ParseError
from streams.parse.html.safe import html_to_text, safe_html
from streams.parse.html.take_apart import take_apart
from streams.parse.pages import element as page_element
from streams.parse.payload.depth import check_html_depth
from streams.parse.payload.html_bounds import MOST_ATTRIBUTES, MOST_TAGS
from tests.unit.parse.agency_samples import read

MISNESTED = "".join(f"<b id=a{number}></x><p>" for number in range(3_000)) + "<img>"
"""52 kB: 1.2 GB of tree, in which each paragraph has all the elements before it once more."""
HIDDEN_ENDS = "".join(f"<b id=a{number}><!--</b>--></x><p>" for number in range(3_000)) + "<img>"


@pytest.mark.parametrize("build", [check_html_depth, safe_html, html_to_text, take_apart])
@pytest.mark.parametrize(
    ("html", "why"),
    [
        (MISNESTED, "leaves too many formatting elements"),
        (HIDDEN_ENDS, "leaves too many formatting elements"),
        (f"<p {' '.join(f'a{n}=b' for n in range(MOST_ATTRIBUTES + 1))}>x<img>", "501 attributes"),
        (f"<p a='>' {' '.join(f'a{n}' for n in range(MOST_ATTRIBUTES))}>x<img>", "501 attributes"),
        ("<br>" * (MOST_TAGS + 1) + "<img>", "100,002 tags"),
        ("<div><!--</div>-->" * 201 + "<img>", "deeper than 200"),
        ("<x-a><div></x-a></div>" * 201 + "<img>", "deeper than 200"),
    ],
)  # fmt: skip
def test_html_that_costs_more_than_it_weighs_is_refused(build: object, html: str, why: str) -> None:
    """The error says what there is too much of."""
    assert callable(build)
    with pytest.raises(ParseError, match=why):
        build(html)


@pytest.mark.parametrize(
    "html",
    [
        "".join(f'<p><strong id="s{n}">Two <a href="/{n}">hurt</a></strong> today</p>' for n in range(9_000)),
        "<font color=red>" * 30 + "<p>x" * 2_000,
        "<p>x</b></i></div>" * 5_000,
        f"<script>{json.dumps(['<b>', '<div>'] * 20_000)}</script><p>x" * 1,
        "<!-- <div> -->" * 3_000,
        f"<p {' '.join(f'a{n}=b' for n in range(MOST_ATTRIBUTES))}>x",
    ],
)
def test_a_large_or_careless_page_is_read(html: str) -> None:
    """Thousands of paragraphs, elements that nobody closes or opens, and markup in scripts are no reason to refuse."""
    check_html_depth(html)


@pytest.mark.parametrize("text", ["\u00a0" * 200_000, "&" * 200_000, "a\u00b0 " * 150_000])
def test_a_text_that_costs_its_square_to_escape_is_refused(text: str) -> None:
    """With a tag here and there the same is read."""
    with pytest.raises(ParseError, match="signs to escape"):
        safe_html(f"<p>{text}</p>")

    assert safe_html("<br>".join([text[:1_000]] * 200))


def test_xml_with_too_many_attributes_or_elements_is_refused() -> None:
    """They are counted before a tree is built."""
    attributes = " ".join(f'a{number}="b"' for number in range(MOST_ATTRIBUTES + 1))

    with pytest.raises(ParseError, match="501 attributes"):
        read(f"<nitf {attributes}><body/></nitf>", "application/xml", "nitf")
    with pytest.raises(ParseError, match="elements; at most 200,000"):
        read(f"<nitf>{'<p/>' * 200_001}</nitf>", "application/xml", "nitf")
    with pytest.raises(ParseError, match="501 attributes"):
        read(f"<rss {attributes}><channel/></rss>", "application/rss+xml", "feed")


def test_a_list_is_left_as_soon_as_it_has_more_than_is_read() -> None:
    """A hundred thousand nulls make no hundred thousand dead letters."""
    with pytest.raises(ParseError, match="more than 5,000 posts"):
        read(json.dumps([None] * 100_000), "application/json", "post")


def test_posts_in_posts_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nested elements of one make are one post: each was read again with all that it stands in."""
    calls = 0
    real = page_element.short_text

    def counted(*given: object, **named: object) -> str | None:
        nonlocal calls
        calls += 1
        return real(*given, **named)  # type: ignore[arg-type]

    posts = [f'<div class="post"><span>12:{n % 60:02}</span><p>A hall burns in the harbour.</p>' for n in range(150)]
    monkeypatch.setattr(page_element, "short_text", counted)

    with suppress(ParseError):
        read("".join(posts) + "</div>" * 150, "text/html", "page-markup")

    assert calls < 5_000
