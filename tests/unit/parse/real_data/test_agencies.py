"""Collected files of agencies that hold no post."""

import pytest

from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import REAL, read_real

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.exists(), reason="the collected files are not beside this checkout (../shared/data)"),
]


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
