"""The collected files of agencies against a truth judged by eye: ids, instants, states, and hashes of the texts."""

import csv
from collections import defaultdict

import pytest

from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import REAL, SAMPLES, read_real, truth

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.exists(), reason="the collected files are not beside this checkout (../shared/data)"),
]


def rows() -> dict[str, list[dict[str, str]]]:
    """Return the judged posts of each file."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (SAMPLES / "agencies-truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row.pop("file")].append(row)
    return found


@pytest.mark.parametrize(("file", "expected"), rows().items())
def test_a_collected_file(file: str, expected: list[dict[str, str]]) -> None:
    """Each post that a person finds in the file is found, with its id, instant, state, headline, body and media."""
    folder, _, name = file.partition("/")

    parsed = read_real(folder, name)

    assert [{"format": parsed.format, **truth(post)} for post in parsed.posts] == expected
    assert parsed.bad == ()


@pytest.mark.parametrize(
    ("folder", "name", "said"),
    [
        ("newsml", "superdesk-core__aap-finance-lite.xml", "empty"),
        ("newsml", "iptc__LISTING_28_Illustrating_Located_Subject_and_Dateline.xml", "no known format"),
    ],
)
def test_a_collected_file_without_a_post(folder: str, name: str, said: str) -> None:
    """An article with nothing in it, and metadata without an item, are errors."""
    with pytest.raises(ParseError, match=said):
        read_real(folder, name)


def test_a_collected_plan_is_no_post() -> None:
    """A planning item yields nothing and is no error."""
    parsed = read_real("newsml", "iptc__LISTING_19_Planning_Item_with_delivery_at_CCL.xml")

    assert (parsed.posts, parsed.bad) == ((), ())
