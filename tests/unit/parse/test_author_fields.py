"""Bylines and language tags."""

import pytest

from streams.parse.words.byline import names_in
from streams.parse.words.language_tag import language_tag


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ana Reyes", ["Ana Reyes"]),
        ("By Ana Reyes and Tom Lee", ["Ana Reyes", "Tom Lee"]),
        ("Ana Reyes, Tom Lee and Ludwig van Dorn", ["Ana Reyes", "Tom Lee", "Ludwig van Dorn"]),
        ("Ana Reyes, Political editor", ["Ana Reyes"]),
        ("Ana Reyes & Tom Lee", ["Ana Reyes", "Tom Lee"]),
        ("Ana Reyes; Tom Lee", ["Ana Reyes", "Tom Lee"]),
        ("Evening Post", ["Evening Post"]),
        ("", []),
    ],
)
def test_a_byline_is_one_name_each(byline: str, names: list[str]) -> None:
    """Joined names are parted, roles are no names."""
    assert names_in(byline) == names


@pytest.mark.parametrize(
    ("told", "tag"), [("en_gb", "en-GB"), ("EN", "en"), ("zh-hant-tw", "zh-Hant-TW"), ("english", None), (None, None)]
)
def test_a_language_is_a_bcp_47_tag(told: str | None, tag: str | None) -> None:
    """Case and separator are put right; a name is no tag."""
    assert language_tag(told) == tag
