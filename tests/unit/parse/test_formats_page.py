"""docs/formats.md and the pages below it name every format that is registered."""

import re
from pathlib import Path

import pytest

from streams.parse import format_names
from streams.parse.registry import content_types

DOCS = Path(__file__).parents[3] / "docs"
ROW = re.compile(r"^\| \[`([\w-]+)`\]\(formats/([\w-]+)\.md\) \| (.*?) \|", re.MULTILINE)


def test_the_index_lists_every_format_in_order() -> None:
    """As the parsers look at a document, with the content types that are theirs alone."""
    rows = ROW.findall((DOCS / "formats.md").read_text(encoding="utf-8"))

    assert [(name, page) for name, page, _ in rows] == [(name, name) for name in format_names()]
    assert {name: set(re.findall(r"`([^`]+)`", types)) for name, _, types in rows} == {
        name: set(content_types(name)) for name in format_names()
    }


@pytest.mark.parametrize("name", format_names())
def test_every_format_has_a_page(name: str) -> None:
    """Which begins with its name."""
    page = (DOCS / "formats" / f"{name}.md").read_text(encoding="utf-8")

    assert page.splitlines()[0].replace("`", "").startswith(f"# {name}")


def test_every_page_is_of_a_format() -> None:
    """A format that is gone takes its page with it."""
    assert {path.stem for path in (DOCS / "formats").glob("*.md")} == set(format_names())
