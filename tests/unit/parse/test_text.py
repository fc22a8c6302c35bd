"""Plain text made clean, and correct text left alone."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from streams.parse.words.clean import _INVISIBLE, _SUSPECT, clean_line, clean_paragraphs


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Itâ€™s â€œfineâ€\x9d at the cafÃ©", "It’s “fine” at the café"),
        ("Ð\x9fÐ¾Ð¶Ð°Ñ\x80", "Пожар"),
        ("5 â‚¬", "5 €"),
        ("it\x92s", "it’s"),
        ("Marrow &amp; Sons&#8217; caf&eacute;", "Marrow & Sons’ café"),
        ("e\u0301", "é"),
        ("a\u00a0b\u2009c", "a b c"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("bell\x07", "bell"),
    ],
)
def test_damage_is_repaired(raw: str, clean: str) -> None:
    """Mojibake, entities, odd spaces and invisible characters don't reach a reader."""
    assert clean_line(raw) == clean


@pytest.mark.parametrize(
    "text",
    [
        "naïve café “ok” – ’tis",
        "Ângela e São “Paulo”",
        "Привет «мир»",
        "ＡＢＣ",
        "ﬁne",
        "می\u200cخواهم",
        "👩\u200d🚒",
        "?a=1&copy=2&reg=3",
        "AT&T; R&D",
        "Straße, Ã is a letter",
        "x < y > z",
    ],
)
def test_correct_text_is_left_alone(text: str) -> None:
    """What only looks odd is not repaired."""
    assert clean_line(text) == text


def test_entities_of_markup_are_decoded_once() -> None:
    """A text about HTML stays one; a quotation mark encoded twice was never meant."""
    assert clean_line("&amp;lt;b&amp;gt; and &amp;#8217;") == "&lt;b&gt; and ’"


def test_paragraphs_are_parted_by_one_blank_line() -> None:
    """Single line breaks are kept, runs of blank lines are one."""
    assert clean_paragraphs(" a \r\nb\r\n \r\n\n\n c\u2029d ") == "a\nb\n\nc\n\nd"


@given(st.text(max_size=400))
def test_cleaning_twice_is_cleaning_once_where_nothing_is_encoded(text: str) -> None:
    """Clean text is clean; what looks like mojibake is taken for it by its surroundings, which cleaning changes."""
    assume(not _SUSPECT.search(text) and not _SUSPECT.search(_INVISIBLE.sub("", text)))
    once = clean_paragraphs(text.replace("&", ""))
    assert clean_paragraphs(once) == once
