"""Bylines read as names."""

import pytest

from streams.parse.words.byline import read_byline


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Reyes", ["Ana Reyes"]),
        ("By ANA REYES and TOM FIELD", ["ANA REYES", "TOM FIELD"]),
        ("Ana Reyes, Tom Field & Jo Mason", ["Ana Reyes", "Tom Field", "Jo Mason"]),
        ("Von Ana Reyes, dpa", ["Ana Reyes"]),
        ("By Ana Reyes, The Evening Post", ["Ana Reyes"]),
        ("By Ana Reyes, Evening Post Political Correspondent", ["Ana Reyes"]),
        ("Ana Reyes/EP", ["Ana Reyes"]),
        ("By Ana Reyes in Port Example", ["Ana Reyes"]),
        ("Par Ana Reyes (EP)", ["Ana Reyes"]),
        ("Field, Tom", ["Field, Tom"]),
        ("Karin de Vries", ["Karin de Vries"]),
        ("Bykov Sergei", ["Bykov Sergei"]),
        ("Situation serious, ready for all scenarios says minister", []),
        ("", []),
        (None, []),
        ("  ", []),
    ],
)
def test_names(byline: str | None, names: list[str]) -> None:
    """One name each, without "By", agency, job or place; running text is no byline."""
    assert list(read_byline(byline)) == names
