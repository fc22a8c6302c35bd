"""Paragraphs that a publisher's software ran together."""

import pytest

from streams.parse.words.glued import with_parted_sentences

LEAD = "A warehouse on the north quay has burned since the early morning, and the road along it is closed. " * 3


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        (LEAD + "It is shut.Ferries wait.", LEAD + "It is shut.\n\nFerries wait."),
        (LEAD + "\u201cIt is shut,\u201d he said.\u201cWe wait.\u201dFerries do.",
         LEAD + "\u201cIt is shut,\u201d he said.\n\n\u201cWe wait.\u201d\n\nFerries do."),
        (LEAD + "See example.org/The.Quay or U.S.Army.", LEAD + "See example.org/The.Quay or U.S.Army."),
        ("It is shut.Ferries wait.", "It is shut.Ferries wait."),
        (LEAD + "\n\nIt is shut.Ferries wait.", LEAD + "\n\nIt is shut.Ferries wait."),
    ],
)  # fmt: skip
def test_glued_sentences_end_a_paragraph(text: str, parted: str) -> None:
    """In a long text of one paragraph; a short one, an address and initials stay."""
    assert with_parted_sentences(text) == parted
