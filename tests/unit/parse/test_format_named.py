"""Formats by their names, in the spelling of today and in that of before."""

import pytest

from schemas import Source
from streams.cli.files.options import _format
from streams.parse import format_named, format_names, parse
from tests.unit.parse.agency_samples import document


@pytest.mark.parametrize("name", format_names())
def test_an_underscore_stands_for_a_hyphen(name: str) -> None:
    """`plain_text` was the name of `plain-text`: settings, headers and scripts of before go on."""
    assert format_named(name) == name
    assert format_named(name.replace("-", "_")) == name
    assert _format(None, None, name.replace("-", "_")) == name  # type: ignore[arg-type]  (click's, which it ignores)


def test_an_unknown_name_names_nothing() -> None:
    """Neither a prefix nor another case is a name."""
    assert [format_named(written) for written in ("plain", "Text", "", "auto")] == [None] * 4


@pytest.mark.parametrize(("header", "setting"), [("plain_text", "auto"), (None, "plain_text"), (None, "plain-text")])
def test_documents_and_sources_may_use_either(header: str | None, setting: str) -> None:
    """The `liveline-format` header, and `format` in liveline.yaml."""
    text = "17:03\nFire brigade called\n\nThree engines are on their way to Shed 4.\n"

    parsed = parse(document(text, "text/plain", header), Source(id="evening-post", format=setting))

    assert (parsed.format, len(parsed.posts)) == ("plain-text", 1)
