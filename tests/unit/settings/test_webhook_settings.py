"""What a deliverer is told: waits, and the secrets of the webhooks that `liveline.yaml` lists."""

from datetime import timedelta
from pathlib import Path

import pytest

from schemas.newsroom import Newsroom
from schemas.webhook import FixedWebhook
from streams.exceptions import SettingsError
from streams.settings import load_settings, unknown_variables
from streams.settings.webhook_secrets import read_webhook_secrets

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  (the standard's example)
NEWSROOM = Newsroom(webhooks=(FixedWebhook(id="desk-system", url="https://desk.example.org/"),))
NAME = "LIVELINE_WEBHOOK_SECRET_DESK_SYSTEM"


def test_a_secret_comes_from_its_variable_or_from_a_file(tmp_path: Path) -> None:
    """As container secrets are mounted; both at once is a mistake."""
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")

    for environ in ({NAME: SECRET}, {f"{NAME}_FILE": str(file)}):
        secrets, problems = read_webhook_secrets(environ, NEWSROOM)
        assert (secrets["desk-system"].get_secret_value(), problems) == (SECRET, [])
        assert unknown_variables(environ, NEWSROOM) == ()
    assert read_webhook_secrets({}, NEWSROOM) == ({}, [])
    _, problems = read_webhook_secrets({NAME: SECRET, f"{NAME}_FILE": str(file)}, NEWSROOM)
    assert problems == [f"{NAME}: set, and {NAME}_FILE as well; expected one of them"]


def test_two_webhooks_of_one_variable_are_a_mistake() -> None:
    """`a-b` and `a.b` have the same name in capitals."""
    webhooks = tuple(FixedWebhook(id=each, url="https://example.org/") for each in ("a-b", "a.b"))

    _, problems = read_webhook_secrets({}, Newsroom(webhooks=webhooks))

    assert problems == ["LIVELINE_WEBHOOK_SECRET_A_B: means both webhook 'a-b' and webhook 'a.b'; rename one of them"]


def test_the_waits_stand_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default is the standard's; a wait without a unit is named."""
    assert len(load_settings(Newsroom()).webhook_schedule) == 9
    monkeypatch.setenv("LIVELINE_WEBHOOK_SCHEDULE", "100ms, 5s,2m")
    expected = (timedelta(milliseconds=100), timedelta(seconds=5), timedelta(minutes=2))
    assert load_settings(Newsroom()).webhook_schedule == expected
    monkeypatch.setenv("LIVELINE_WEBHOOK_SCHEDULE", "5s,10")
    with pytest.raises(SettingsError, match="LIVELINE_WEBHOOK_SCHEDULE: found '5s,10'; expected a number and its unit"):
        load_settings(Newsroom())


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x", "url": "ftp://example.org"},
        {"id": "X Y", "url": "https://example.org"},
        {"id": "x", "url": "https://example.org", "events": []},
        {"id": "x", "url": "https://example.org", "secret": "whsec_"},
    ],
)
def test_a_wrong_webhook_in_the_file_is_refused(wrong: dict[str, object]) -> None:
    """A secret has no place in the file, either."""
    with pytest.raises(ValueError, match="validation error"):
        Newsroom.model_validate({"webhooks": [wrong]})


def test_a_webhook_listed_twice_is_refused() -> None:
    """Each needs an id of its own."""
    one = {"id": "x", "url": "https://example.org"}
    with pytest.raises(ValueError, match="webhook 'x' is configured twice"):
        Newsroom.model_validate({"webhooks": [one, one]})
