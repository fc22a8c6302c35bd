"""The examples in the pages about formats are what they say."""

import re
from pathlib import Path

import pytest

from tests.unit.parse.pages import read

DOCS = Path(__file__).parents[3] / "docs" / "formats"
NAMES = (
    "liveblogposting", "microdata", "guardian-dcr", "guardian-capi", "bbc", "sourcefabric", "scribblelive", "nyt",
    "wordpress-liveblog", "page-clocks", "page-markup",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_read_by_its_parser(name: str) -> None:
    """Each example is recognised without a hint and gives posts, none of them bad."""
    found = re.search(r"```(json|html)\n(.*?)```", (DOCS / f"{name}.md").read_text(), re.DOTALL)
    assert found is not None
    parsed = read(found[2], {"json": "application/json", "html": "text/html"}[found[1]])

    assert (parsed.format, parsed.bad) == (name, ())
    assert parsed.posts
