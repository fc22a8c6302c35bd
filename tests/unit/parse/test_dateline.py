"""Datelines of agencies."""

import pytest

from streams.parse.wires.dateline import best_dateline, dateline_of


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("QUAYSIDE (AP) \u2014 Two people", "QUAYSIDE (AP)"),
        ("QUAYSIDE, Wales (AP) -- Two people", "QUAYSIDE, Wales (AP)"),
        ("QUAYSIDE, May 24 (Reuters) - Two people", "QUAYSIDE, May 24 (Reuters)"),
        ("QUAYSIDE (EveningPost.example) - Two people", "QUAYSIDE (EveningPost.example)"),
        ("Port Example (tns/dpa) - Two people", "Port Example (tns/dpa)"),
        ("Port Example /ritzau/: To", "Port Example /ritzau/"),
        ("Puerto, 2 may (EFE).- Dos personas", "Puerto, 2 may (EFE)"),
        ("(ANSA) - QUAYSIDE, MAY 24 - Two people", "(ANSA) - QUAYSIDE, MAY 24"),
        ("The mayor (left) said", None),
        ("Ana Reyes (Wales) won - again", None),
        ("Two people were hurt", None),
        ("", None),
    ],
)
def test_a_text_may_begin_with_its_dateline(text: str, line: str | None) -> None:
    """Place and agency before a dash; a name with something in brackets is none."""
    assert dateline_of(text) == line


@pytest.mark.parametrize(
    ("stated", "text", "line"),
    [
        ("Quayside, May 24 (AFP) -", "Two people", "Quayside, May 24 (AFP)"),
        ("QUAYSIDE", "QUAYSIDE (AP) \u2014 Two people", "QUAYSIDE (AP)"),
        ("Quayside", "Two people", "Quayside"),
        ("Quayside, Wash.", None, "Quayside, Wash."),
        ("24.5.2024 16:02 CEST", "Two people", None),
        (None, "QUAYSIDE (AP) \u2014 Two people", "QUAYSIDE (AP)"),
        (None, None, None),
    ],
)
def test_the_items_own_line_counts_unless_the_text_says_more(stated: str | None, text: str, line: str | None) -> None:
    """A time in its place is none."""
    assert best_dateline(stated, text) == line
