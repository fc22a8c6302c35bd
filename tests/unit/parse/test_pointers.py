"""A body is what was written, not what points away from it."""

import pytest

from streams.parse.words.pointers import without_pointers


@pytest.mark.parametrize(
    "pointer",
    ["Continue reading...", "Read more: Who pays for the quay", "READ MORE »", "Also read | The ferry is back",
     "[Continue reading…]", "Read the full story", "Article continues below", "Advertisement"],
)  # fmt: skip
def test_a_paragraph_that_points_elsewhere_is_left_out(pointer: str) -> None:
    """It goes wherever it stands; the text around it stays."""
    assert without_pointers(f"Two hurt.\n\n{pointer}\n\nThe port is shut.") == "Two hurt.\n\nThe port is shut."


@pytest.mark.parametrize(
    "text",
    ["Read more books, she said.", "The article continues below the fold, he wrote.", "Continue reading..."],
)
def test_a_text_stays(text: str) -> None:
    """Words in a sentence are the sentence's, and what would leave nothing stays."""
    assert without_pointers(text) == text
