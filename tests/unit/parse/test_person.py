"""Authors as names."""

import pytest

from streams.parse.words.person import person_name


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("ANA REYES", "Ana Reyes"),
        ("TOM O'FIELD", "Tom O'Field"),
        ("AL-HASSAN MCREYES", "Al-Hassan McReyes"),
        ("JUAN DE LA TORRE", "Juan de la Torre"),
        ("J.K. REYES III", "J.K. Reyes III"),
        ("POST NEWS AFP", "Post News AFP"),
        ("Ana Reyes", "Ana Reyes"),
        ("AFP", "AFP"),
        ("Li Wei", "Li Wei"),
        ("A1234/_Jo Mason", "Jo Mason"),
        ("admin", None),
        ("Editor", None),
        ("Evening Post Staff", None),
        ("dpa correspondents", None),
        ("Web Desk", None),
        ("ab/cd/efg", None),
        ("ar", None),
        ("12", None),
        ("https://evening-post.example/ana", None),
    ],
)
def test_an_author_is_a_name_or_nobody(said: str, name: str | None) -> None:
    """Capitals become a name; a job, a number, initials and an address name nobody."""
    assert person_name(said) == name
