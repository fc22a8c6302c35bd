"""Nesting is measured before anything recurses into it."""

import json
from contextlib import suppress

import pytest

from schemas import Document, Source
from streams.exceptions import ParseError
from streams.parse import format_names, parse
from streams.parse.payload.depth import check_html_depth, check_json_depth
from tests.unit.parse.test_posts_csv import RECEIVED

BOMBS = {
    "application/json": [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 900 + b"]" * 900,
        b'{"items":[' * 150 + b"]}" * 150,
    ],
    "text/html": [b"<div>" * 100_000, b"<b>" * 100_000, b"<html><body>" + b"<x>" * 100_000],
    "application/xml": [b"<a>" * 100_000, b"<rss><channel><item>" + b"<a>" * 300 + b"</a>" * 300],
    "text/plain": [b"(" * 100_000, b"12:40 PM\n\n" + b"<div>" * 100_000],
}


@pytest.mark.parametrize("name", ["", *format_names()])
@pytest.mark.parametrize("content_type", BOMBS)
def test_a_hundred_thousand_levels_are_an_error_and_no_overflow(name: str, content_type: str) -> None:
    """Each parser, found or told, says what is wrong or reads what it can."""
    for body in BOMBS[content_type]:
        document = Document(
            id="d1",
            source_id="evening-post",
            coverage_id="harbour-fire",
            received_at=RECEIVED,
            content_type=content_type,
            body=body,
            format=name or None,
        )
        with suppress(ParseError):  # what is asserted: no other exception, and no crash
            parse(document, Source(id="evening-post"))


def test_the_limit_itself_is_allowed() -> None:
    """As deep as the limit passes, one more does not; unclosed paragraphs are not deep."""
    check_json_depth(json.loads("[" * 90 + "]" * 90), 90)
    with pytest.raises(ParseError, match="deeper than 89"):
        check_json_depth(json.loads("[" * 90 + "]" * 90), 89)
    check_html_depth("<p>One<p>Two" * 5_000)
    check_html_depth("<script>var a='<div>'</script>" * 500)
