"""The collected files are read as they were judged, and the table in docs/formats.md says how well."""

import re
from pathlib import Path

import pytest

from tests.unit.parse.agency_samples import REAL
from tests.unit.parse.real_data.collected import FIELDS, exported_truth, files, found, read, truth
from tests.unit.parse.real_data.scores import scores, table

PAGE = Path(__file__).parents[4] / "docs" / "formats.md"
PLAIN = ("plain-text", "text")
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data, the collected files, is absent"),
]


def test_the_promised_scores() -> None:
    """F1 of 0.99 for structured formats and 0.97 for plain text, each field right in 98 % of the posts."""
    for name, score in scores().items():
        assert score.f1 >= (0.97 if name in PLAIN else 0.99), name
        assert {each: score.share(each) for each in FIELDS if score.share(each) < 0.98} == {}, name


def test_the_table_in_the_docs_is_current() -> None:
    """What the page shows is what the parsers do."""
    shown = re.search(r"<!-- scores -->\n(.*?)<!-- /scores -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    assert shown is not None
    assert shown[1] == table()


@pytest.mark.parametrize("file", files() if REAL.is_dir() else [])
def test_a_collected_file(file: str) -> None:
    """Each post that a person finds in the file is found, with its id, instants, state, flags, texts and media."""
    name, given = found(file)

    if file.startswith("rss/2"):
        expected = list(exported_truth(file))
        # An app's own `cnn://` is no address that a reader could follow.
        web = [wanted["url"] if wanted["url"].startswith("http") else None for wanted in expected]
        assert [post.url for post in read(file).posts] == web
    else:
        assert [{"format": name, **post} for post in given] == truth().get(file, [])
