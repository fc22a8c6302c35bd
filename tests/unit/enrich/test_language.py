"""The language that a source doesn't tell."""

from datetime import UTC, datetime

import pytest

from schemas import Change, Coverage, Entry, Status
from streams.enrich import enrich
from streams.enrich.language import _identifier, is_plain_english

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


def entry(**fields: str) -> Entry:
    """Return an entry with this content."""
    return Entry(
        entry_id="e1",
        revision=1,
        change=Change.CREATED,
        status=Status.USABLE,
        coverage_id="harbour-fire",
        source_id="evening-post",
        received_at=AT,
        processed_at=AT,
        **fields,
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Firefighters have brought the blaze on the north quay under control, the harbour master said."),
        ("de", "Die Feuerwehr hat den Brand am Nordkai unter Kontrolle gebracht, wie der Hafenmeister mitteilte."),
        ("fr", "Les pompiers ont maîtrisé l'incendie du quai nord, a indiqué la capitainerie mardi soir."),
        ("es", "Los bomberos han controlado el incendio del muelle norte, según la autoridad portuaria."),
        ("it", "I vigili del fuoco hanno domato l'incendio sul molo nord, ha detto la capitaneria di porto."),
        ("pt", "Os bombeiros controlaram o incêndio no cais norte, disse a capitania dos portos nesta terça-feira."),
        ("nl", "De brandweer heeft de brand op de noordkade onder controle, zegt de havenmeester dinsdagavond."),
        ("pl", "Strażacy opanowali pożar na północnym nabrzeżu, poinformował we wtorek wieczorem kapitan portu."),
        ("ar", "تمكن رجال الإطفاء من السيطرة على الحريق في الرصيف الشمالي مساء الثلاثاء."),
        ("ru", "Пожарные взяли под контроль огонь на северном причале, сообщил начальник порта."),
        ("uk", "Пожежники взяли під контроль вогонь на північному причалі, повідомив начальник порту."),
        ("hi", "दमकल कर्मियों ने उत्तरी घाट पर लगी आग पर काबू पा लिया है, बंदरगाह अधिकारी ने कहा।"),
    ],
)
def test_a_sentence_is_enough(language: str, text: str) -> None:
    """Languages that live blogs are written in are told apart, also the near relations."""
    found = enrich(entry(body_text=text), Coverage(id="harbour-fire"))

    assert (found.language, found.enrichment_errors) == (language, ())


@pytest.mark.parametrize(
    "text",
    [
        "GOAL! 2-1",
        "Two hurt, quay closed",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23",
        "Ana Reyes, João Silva, Xi Wu, Fritz Meyer, Lena Olsson, Ivo Novak",
    ],
)
def test_no_guess_is_better_than_a_wrong_one(text: str) -> None:
    """What is short, or only names and numbers, has no language."""
    assert enrich(entry(body_text=text), Coverage(id="harbour-fire")).language is None


@pytest.mark.parametrize(
    "text",
    [
        "De regisseur van The Lord of the Rings and The Hobbit komt dinsdag naar Rotterdam, zegt de organisatie.",
        "Der Song Here Comes the Sun wurde auf dem Festival gespielt, wie die Veranstalter am Abend mitteilten.",
        "Filmen The Girl with the Dragon Tattoo visas igen, och biljetterna tog slut på en timme, säger biografen.",
        "Bandet spilte både The Wall og Wish You Were Here for et fullsatt stadion, skriver avisen tirsdag kveld.",
        "Die film The Good, the Bad and the Ugly word weer by die fees gewys, het die organiseerders gesê.",
        "Bogen The Old Man and the Sea er solgt på auktion for en halv million kroner, oplyser auktionshuset.",
    ],
)
def test_an_english_title_makes_no_english_text(text: str) -> None:
    """Dutch, German, Scandinavian and Afrikaans texts with English titles in them are not told by English words."""
    assert not is_plain_english(text)
    assert enrich(entry(body_text=text), Coverage(id="harbour-fire")).language != "en"


def test_english_is_told_by_its_words() -> None:
    """A text full of English function words needs no n-grams, and these say the same."""
    text = "Police said that the road has been closed, and that people who live there will be told when it opens again."

    assert is_plain_english(text)
    assert _identifier().classify(text)[0] == "en"


def test_the_sources_own_word_stands() -> None:
    """What the source or its configuration says is not doubted."""
    text = "Die Feuerwehr hat den Brand am Nordkai unter Kontrolle gebracht, wie der Hafenmeister mitteilte."

    assert enrich(entry(body_text=text, language="gsw"), Coverage(id="harbour-fire")).language == "gsw"
