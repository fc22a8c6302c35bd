"""Quotations: between which marks, by whom, and what between marks is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.entry import Entity, EntityType
from streams.enrich.quotes import quotes


def people(text: str, *names: str, kind: EntityType = EntityType.PERSON) -> list[Entity]:
    """Return the entities that a text has by these names; "Ada Ruiz=Ruiz" is a surname that means the full name."""
    found = []
    for written in names:
        name, _, shown = written.partition("=")
        start = text.index(shown or name)
        found.append(Entity(type=kind, name=name, text=shown or name, start=start, end=start + len(shown or name)))
    return found


def said(text: str, *names: str) -> list[tuple[str, str | None]]:
    """Return the quotations of a text with their speakers."""
    return [(quote.text, quote.speaker) for quote in quotes(text, people(text, *names))]


WORDS = "the fire is out and nobody is hurt"


@pytest.mark.parametrize(
    ("marks", "language"),
    [
        ('"{}"', "straight"), ("\u201c{}\u201d", "curly"), ("\u00ab{}\u00bb", "guillemets"),
        ("\u00ab\u202f{}\u202f\u00bb", "French"), ("\u201e{}\u201c", "German"), ("\u00bb{}\u00ab", "German books"),
        ("\u2018{}\u2019", "single"), ("`` {} ''", "tokenised"), ("\u201d{}\u201d", "Swedish"),
    ],
)  # fmt: skip
def test_each_newsrooms_marks_are_known(marks: str, language: str) -> None:
    """What stands between marks is the quotation, without them."""
    text = f"Ada Ruiz said: {marks.format(WORDS)}"

    assert said(text, "Ada Ruiz") == [(WORDS, "Ada Ruiz")], language


@pytest.mark.parametrize(
    ("text", "names", "speaker"),
    [
        ('"{}," Ada Ruiz said.', ("Ada Ruiz",), "Ada Ruiz"),
        ('"{}," said Ada Ruiz, the mayor.', ("Ada Ruiz",), "Ada Ruiz"),
        ('Ada Ruiz, the mayor of the town, said: "{}."', ("Ada Ruiz",), "Ada Ruiz"),
        ('"{}," Mr. Ruiz said.', ("Ada Ruiz=Ruiz",), "Ada Ruiz"),
        ('Ada Ruiz came to the quay. "{}," she said.', ("Ada Ruiz",), "Ada Ruiz"),
        ('Ada Ruiz came to the quay. "{}," the mayor said.', ("Ada Ruiz",), "Ada Ruiz"),
        ('"{}," a harbour spokesman told reporters.', (), "a harbour spokesman"),
        ('According to Ada Ruiz, "{}".', ("Ada Ruiz",), "Ada Ruiz"),
        ("\u201e{}\u201c, sagte Ada Ruiz am Montag.", ("Ada Ruiz",), "Ada Ruiz"),
        ("\u00ab{}\u00bb, a d\u00e9clar\u00e9 Ada Ruiz.", ("Ada Ruiz",), "Ada Ruiz"),
        ("\u00ab{}\u00bb, dijo el alcalde.", (), "el alcalde"),
        ("\u00ab{}\u00bb, dijo Ada Ruiz.", ("Ada Ruiz",), "Ada Ruiz"),
        ('"{}". Lo ha detto Ada Ruiz.', ("Ada Ruiz",), "Ada Ruiz"),
        ("Ada Ruiz signs off:\n\n\u201c{}.\u201d", ("Ada Ruiz",), "Ada Ruiz"),
    ],
)
def test_the_speaker_is_whom_the_sentence_has_speak(text: str, names: tuple[str, ...], speaker: str) -> None:
    """By the verb beside the marks, in five languages, with the full name where the post has it."""
    assert [name for _, name in said(text.format(WORDS), *names)] == [speaker]


def test_a_quotation_goes_on_over_paragraphs() -> None:
    """Each paragraph opens again, the last one closes: it is one quotation, of one speaker."""
    text = (
        "Ada Ruiz said: \u201cThe fire is out tonight.\n\n\u201cNobody is hurt, thank God.\u201d\n\n"
        "\u201cWe shall open again soon.\u201d"
    )

    assert said(text, "Ada Ruiz") == [
        ("The fire is out tonight.\n\nNobody is hurt, thank God.", "Ada Ruiz"),
        ("We shall open again soon.", "Ada Ruiz"),
    ]


def test_a_speaker_may_break_off_a_quotation() -> None:
    """What follows "she said" in the same breath is hers."""
    text = '"The fire is out tonight," Ada Ruiz said. "Nobody is hurt, thank God."'

    assert [name for _, name in said(text, "Ada Ruiz")] == ["Ada Ruiz", "Ada Ruiz"]


def test_marks_within_marks_are_part_of_the_words() -> None:
    """Only the outer quotation is one."""
    text = "\u201cHe told me \u2018get out now\u2019 and we ran,\u201d Ada Ruiz said."

    assert said(text, "Ada Ruiz") == [("He told me \u2018get out now\u2019 and we ran", "Ada Ruiz")]


def test_a_paragraph_after_said_with_a_colon_is_a_quotation_without_marks() -> None:
    """A page shows it as a block."""
    text = "Ada Ruiz, the mayor, said:\n\nThis morning we found the boat at the pier."

    assert said(text, "Ada Ruiz") == [("This morning we found the boat at the pier.", "Ada Ruiz")]


@pytest.mark.parametrize(
    "text",
    [
        'The so-called "miracle" never came.',
        'They watched "The Long Way Home Again" at the cinema.',
        "It's the mayor's boat and the crews' harbour.",
        "A 12\" pipe and a 3' wall.",
        'The crowd held signs that read "No".',
    ],
)
def test_scare_quotes_titles_and_apostrophes_are_no_quotations(text: str) -> None:
    """Marks alone don't make somebody speak."""
    assert said(text) == []


@given(st.text(alphabet=st.sampled_from(list("ab .,\n\"'\u201c\u201d\u00ab\u00bb\u201e`A")), max_size=80))
def test_any_marks_are_read(text: str) -> None:
    """However marks stand, reading them ends, and a quotation has words."""
    assert all(quote.text.strip() for quote in quotes(text, ()))
