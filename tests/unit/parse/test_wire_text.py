"""Lines cut at some 70 characters made into paragraphs."""

import pytest

from streams.parse.wires.wrapped_text import html_of, unwrap

LONG = "Two people were hurt in a fire on the north quay of the harbour in"


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        (f"{LONG}\nthe night.", [f"{LONG} the night."]),
        (f"{LONG}\n\nthe night.", [LONG, "the night."]),
        (f"{LONG}\nthe night.\n   Six engines came.", [f"{LONG} the night.", "Six engines came."]),
        ("Hurt: 2\nEngines: 6", ["Hurt: 2", "Engines: 6"]),
        (f"{LONG}\n- Six engines", [LONG, "- Six engines"]),
        (f"{LONG * 2}\n{LONG}", [LONG * 2, LONG]),
        (
            f"{LONG}\n            the night, the brigade said on Wednesday.",
            [f"{LONG} the night, the brigade said on Wednesday."],
        ),
        ("", []),
    ],
)
def test_paragraphs(text: str, paragraphs: list[str]) -> None:
    """Blank and indented lines, short lines and list items begin a paragraph; the file's own indentation does not."""
    assert unwrap(text) == paragraphs


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\n\nTwo <b>hurt</b>", "<p>One</p><p>Two <b>hurt</b></p>"),
        ("1 < 2", "<p>1 &lt; 2</p>"),
        ("<p>One</p><p>Two</p>", "<p>One</p><p>Two</p>"),
        (f"<p>\n{LONG}\nthe night.\n   Six.\n</p>", f"<p>{LONG} the night.</p><p>Six.</p>"),
    ],
)
def test_html(text: str, html: str) -> None:
    """Text with a few inline tags gets paragraphs; HTML with blocks stays as it is."""
    assert html_of(text) == html
