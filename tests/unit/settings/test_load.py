"""Settings as a process gets them."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas import Newsroom
from streams.exceptions import SettingsError
from streams.settings import Address, load_settings, unknown_variables
from streams.settings.shown import shown

NEWSROOM = """\
coverages:
  - id: harbour-fire
    sources:
      - id: evening-post
        timezone: Europe/London
      - id: coast.wire
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty directory, with an environment without settings."""
    for name in [name for name in os.environ if name.startswith("LIVELINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_anything_the_defaults_hold() -> None:
    """Trying Liveline needs no setting at all."""
    settings = load_settings()

    assert (settings.embedded, settings.topic_prefix, settings.bind) == (True, "liveline.", Address("127.0.0.1", 8080))
    assert settings.session_timeout == timedelta(seconds=6)
    assert settings.newsroom.coverages == ()


def test_a_time_is_written_with_its_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """In RFC 3339, whatever the zone."""
    monkeypatch.setenv("LIVELINE_ALERTS_FROM", "2026-01-31T09:00:00+01:00")

    assert load_settings().alerts_from == datetime(2026, 1, 31, 8, tzinfo=UTC)


def test_the_environment_and_the_file_are_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable a setting, the newsroom from its file, an empty variable is none."""
    (folder / "desk.yaml").write_text(NEWSROOM)
    for name, value in {
        "LIVELINE_CONFIG": "desk.yaml",
        "LIVELINE_KAFKA": "kafka-1:9092,kafka-2:9092",
        "LIVELINE_BIND": "[::1]:9000",
        "LIVELINE_SHUTDOWN_TIMEOUT": "1500ms",
        "LIVELINE_PARTITIONS": "",
    }.items():
        monkeypatch.setenv(name, value)

    settings = load_settings()

    assert (settings.kafka, settings.embedded) == ("kafka-1:9092,kafka-2:9092", False)
    assert (settings.bind, str(settings.bind)) == (Address("::1", 9000), "[::1]:9000")
    assert (settings.shutdown_timeout, settings.partitions) == (timedelta(seconds=1.5), 4)
    assert [source.id for source in settings.newsroom.coverages[0].sources] == ["evening-post", "coast.wire"]


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("LIVELINE_PARTITIONS", "many", "valid integer"),
        ("LIVELINE_PARTITIONS", "0", "greater than or equal to 1"),
        ("LIVELINE_BIND", "8080", "host:port"),
        ("LIVELINE_BIND", "::1:8080", "host:port"),
        ("LIVELINE_BIND", "localhost:99999", "host:port"),
        ("LIVELINE_SESSION_TIMEOUT", "6", "such as 500ms, 6s"),
        ("LIVELINE_ALERTS_FROM", "yesterday", "expected a time with its zone, such as 2026-01-31T08:00:00Z"),
        ("LIVELINE_ALERTS_FROM", "2026-01-31T08:00:00", "expected a time with its zone"),
        ("LIVELINE_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("LIVELINE_ARCHIVE", "liveline.db", "pattern"),
        ("LIVELINE_TOPIC_PREFIX", "live line/", "pattern"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    """One line names the variable, what was found and what was expected."""
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as error:
        load_settings()

    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{variable}: found {value!r}; ")
    assert expected in line


def test_all_problems_are_told_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to start three times to learn of three mistakes."""
    (folder / "liveline.yaml").write_text(NEWSROOM.replace("Europe/London", "London"))
    monkeypatch.setenv("LIVELINE_PARTITIONS", "many")
    monkeypatch.setenv("LIVELINE_BIND", "here")

    with pytest.raises(SettingsError) as error:
        load_settings()

    lines = str(error.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["LIVELINE_PARTITIONS", "LIVELINE_BIND", "liveline.yaml"]


def test_sasl_needs_a_name_and_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """A protocol that needs credentials is refused without them, before anything connects."""
    monkeypatch.setenv("LIVELINE_KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("LIVELINE_KAFKA_SASL_USERNAME", "desk")

    with pytest.raises(SettingsError, match="LIVELINE_KAFKA_SASL_PASSWORD: missing"):
        load_settings()


def test_a_file_that_was_named_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the default file may be absent."""
    monkeypatch.setenv("LIVELINE_CONFIG", "desk.yaml")

    with pytest.raises(SettingsError, match=r"LIVELINE_CONFIG: no file 'desk.yaml'"):
        load_settings()


def test_a_source_has_its_own_token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token comes from a variable or a file, and is shown in no text of the settings."""
    (folder / "liveline.yaml").write_text(NEWSROOM)
    (folder / "secret").write_text("from-a-file\n")
    monkeypatch.setenv("LIVELINE_TOKEN_EVENING_POST", "from-a-variable")
    monkeypatch.setenv("LIVELINE_TOKEN_COAST_WIRE_FILE", str(folder / "secret"))

    settings = load_settings()

    assert {source: token.get_secret_value() for source, token in settings.tokens.items()} == {
        "evening-post": "from-a-variable",
        "coast.wire": "from-a-file",
    }
    assert "from-a" not in repr(settings) + str(settings) + settings.model_dump_json()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"LIVELINE_TOKEN_EVENING_POST_FILE": "nowhere"}, "LIVELINE_TOKEN_EVENING_POST_FILE: cannot read 'nowhere'"),
        (
            {"LIVELINE_TOKEN_EVENING_POST": "tell-tale", "LIVELINE_TOKEN_EVENING_POST_FILE": "x"},
            "LIVELINE_TOKEN_EVENING_POST: set, and",
        ),
    ],
)
def test_a_token_that_cannot_be_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    """The problem names the variable, never the token."""
    (folder / "liveline.yaml").write_text(NEWSROOM)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as error:
        load_settings()

    assert said in str(error.value)
    assert "tell-tale" not in str(error.value)


def test_two_sources_that_share_a_variable_are_refused(folder: Path) -> None:
    """`a-b` and `a.b` would push with each other's token."""
    (folder / "liveline.yaml").write_text(NEWSROOM + "      - id: evening.post\n")

    with pytest.raises(SettingsError, match="means both source 'evening-post' and"):
        load_settings()


def test_a_variable_nobody_reads_is_told_with_the_nearest_one(folder: Path) -> None:
    """A typing mistake does not silently do nothing."""
    (folder / "liveline.yaml").write_text(NEWSROOM)
    newsroom = load_settings().newsroom

    lines = unknown_variables(
        {
            "LIVELINE_KAFAK": "x",
            "LIVELINE_TOKEN_EVENINGPOST": "tell-tale",
            "LIVELINE_ZZZ": "x",
            "LIVELINE_KAFKA": "embedded",
            "LIVELINE_TOKEN_COAST_WIRE_FILE": "x",
            "HOME": "x",
        },
        newsroom,
    )

    assert lines == (
        "LIVELINE_KAFAK is no setting; did you mean LIVELINE_KAFKA?",
        "LIVELINE_TOKEN_EVENINGPOST is no setting; did you mean LIVELINE_TOKEN_EVENING_POST?",
        "LIVELINE_ZZZ is no setting; it does nothing",
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LIVELINE_JWT_SECRET", "too-short-a-secret", "found 18 bytes; expected at least 32"),
        ("LIVELINE_JWT_JWKS", "no-such-file.json", "no file 'no-such-file.json'"),
        ("LIVELINE_JWT_JWKS", "ftp://desk.example/keys", "found 'ftp'"),
        ("LIVELINE_ORIGINS", "https://a.example, b.example", "'b.example' is no origin"),
    ],
)
def test_settings_of_rights_are_checked(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    """A secret that could be guessed, or keys that are nowhere, stop the start; a secret is not shown."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings(newsroom=Newsroom())

    assert name in str(caught.value)
    assert said in str(caught.value)
    assert "too-short-a-secret" not in str(caught.value)


def test_secrets_of_rights_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """`config check` prints everything but them."""
    monkeypatch.setenv("LIVELINE_JWT_SECRET", "a-secret-of-the-newsroom-0123456789")
    monkeypatch.setenv("LIVELINE_ADMIN_TOKEN", "a-token-of-the-admin")

    printed = str(shown(load_settings(newsroom=Newsroom())))

    assert "a-secret" not in printed
    assert "a-token" not in printed
