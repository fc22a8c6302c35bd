"""The examples in `docs/formats/` are read as their pages say."""

import re
from pathlib import Path

import pytest

from tests.unit.parse.agency_samples import read

DOCS = Path(__file__).parents[3] / "docs" / "formats"
TYPES = {"json": "application/json", "xml": "application/xml", "": "text/plain"}
MINE = ("belga-360", "cloudevents", "cp-publish", "iptc7901", "newsml-1", "newsml-g2", "ninjs", "nitf",
        "press-release", "ritzau")  # fmt: skip


@pytest.mark.parametrize("name", MINE)
def test_the_example_on_a_page(name: str) -> None:
    """An agency format's example is recognised by its content, gives one post, and the page stays short."""
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    found = re.search(r"```(\w*)\n(.*?)```", page, re.DOTALL)
    assert found is not None

    parsed = read(found[2], TYPES[found[1]])

    assert (parsed.format, len(parsed.posts), parsed.bad) == (name, 1, ())
    assert parsed.posts[0].headline
    assert len(page.splitlines()) <= 30
