"""The page about configuration says what the models say."""

from pathlib import Path

from pydantic import SecretStr

from schemas import Coverage, Newsroom, Source
from streams.settings import Settings
from streams.settings.newsroom_file import read_newsroom
from streams.settings.reference import reference
from streams.settings.shown import shown
from streams.settings.variables import setting_variables

PAGE = Path(__file__).parents[3] / "docs" / "configuration.md"


def test_the_page_is_made_from_the_models() -> None:
    """Who changes a setting renews the page: python -m streams.settings.reference > docs/configuration.md."""
    assert PAGE.read_text() == reference()


def test_every_setting_is_on_the_page() -> None:
    """No variable and no key of the file is left untold."""
    page = PAGE.read_text()

    for name in setting_variables():
        assert f"| `{name}` |" in page
    for model in (Newsroom, Coverage, Source):
        for name in model.model_fields:
            assert f"| `{name}` |" in page


def test_the_example_on_the_page_is_valid(tmp_path: Path) -> None:
    """What a reader copies works."""
    path = tmp_path / "liveline.yaml"
    path.write_text(reference().partition("```yaml\n")[2].partition("```")[0])

    newsroom, problems = read_newsroom(path)

    assert problems == []
    assert newsroom.source("evening-post")


def test_what_is_shown_has_no_secret() -> None:
    """Passwords are hidden, also the one inside a database URL."""
    settings = Settings.model_construct(
        archive="postgresql://desk:tell-tale@db:5432/liveline", kafka_sasl_password=SecretStr("tell-tale")
    )

    told = shown(settings)

    assert told["LIVELINE_ARCHIVE"] == "postgresql://desk:********@db:5432/liveline"
    assert "tell-tale" not in str(told)
