"""The command line as a whole."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from streams.cli import main
from streams.cli.lazy import LazyCommands
from streams.exceptions import BrokerError, SettingsError

Liveline = Callable[..., Result]


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(_commands(main))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(liveline: Liveline, path: tuple[str, ...]) -> None:
    """`--help` of each command ends with a call that works as it stands."""
    result = liveline(*path, "--help")

    assert result.exit_code == 0
    assert COMMANDS[path].help
    assert f"liveline {' '.join(path)}" in (COMMANDS[path].epilog or "")


def test_help_imports_nothing_heavy() -> None:
    """Help is there at once: neither models nor parsers nor Kafka are loaded for it."""
    heavy = "{'pydantic', 'faust', 'aiokafka', 'lxml', 'numpy', 'aiohttp', 'structlog', 'yaml', 'confluent_kafka'}"
    code = (
        "import sys; from streams.cli import main\n"
        "try: main(['--help'])\n"
        f"finally: print(sorted({heavy} & sys.modules.keys()), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert done.stderr.strip() == "[]"


def test_a_mistyped_command_is_answered_with_the_likely_one(liveline: Liveline) -> None:
    """Wrong use ends with 2 and says what was probably meant."""
    result = liveline("wroker")

    assert result.exit_code == 2
    assert "Did you mean 'worker'?" in result.stderr


def test_python_m_streams_is_liveline() -> None:
    """Without the script on the path, the module does."""
    done = subprocess.run(
        [sys.executable, "-m", "streams", "--help"], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.startswith("Usage: liveline ")


@pytest.mark.parametrize(("error", "code"), [(SettingsError("A: wrong\nB: wrong"), 2), (BrokerError("no broker"), 1)])
def test_an_error_that_a_person_can_put_right_has_no_traceback(error: Exception, code: int) -> None:
    """Each of its lines is told with the program's name."""

    @click.group(cls=LazyCommands, table={})
    def group() -> None:
        pass

    @group.command()
    def fail() -> None:
        raise error

    result = CliRunner().invoke(group, ["fail"])

    assert result.exit_code == code
    assert result.stderr.splitlines() == [f"liveline: {line}" for line in str(error).splitlines()]


def test_config_check_prints_what_is_in_force(
    liveline: Liveline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings and sources are shown; a token is only said to be there."""
    (tmp_path / "liveline.yaml").write_text(
        "coverages:\n  - id: harbour-fire\n    sources:\n      - id: evening-post\n"
    )
    monkeypatch.setenv("LIVELINE_TOKEN_EVENING_POST", "tell-tale")

    result = liveline("config", "check")

    assert result.exit_code == 0
    assert "LIVELINE_KAFKA=embedded" in result.stdout
    assert "evening-post  pushes, has a token, UTC" in result.stdout
    assert "tell-tale" not in result.output


def test_config_check_names_each_problem(liveline: Liveline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be read but makes no sense is named too."""
    (tmp_path / "liveline.yaml").write_text(
        "coverages:\n  - id: c\n    sources:\n      - id: a\n        url: https://example.org\n        format: telex\n"
        "      - id: b\n"
    )
    monkeypatch.setenv("LIVELINE_KAFAK", "x")

    result = liveline("config", "check")

    assert result.exit_code == 1
    problems = result.stderr.splitlines()
    assert "LIVELINE_KAFAK is no setting" in problems[0]
    assert "source a: format: found 'telex'" in problems[1]
    assert "source b: has neither a url to poll nor a token" in problems[2]


@pytest.mark.parametrize("variable", ["LIVELINE_ARCHIVE", "LIVELINE_STATE"])
def test_config_check_names_a_wrong_database_and_hides_its_password(
    liveline: Liveline, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """Neither what is in force nor what is wrong shows it, wherever in the URL it stands."""
    for url, status in (
        ("mysql://desk:tell-tale@db/liveline", 1),
        ("sqlite://", 1),
        ("postgresql://desk:tell-tale@db/liveline", 0),
        ("postgresql://desk@db/liveline?sslmode=require&password=tell-tale", 0),
    ):
        monkeypatch.setenv(variable, url)
        result = liveline("config", "check")
        assert (result.exit_code, "tell-tale" in result.output) == (status, False), url
        assert (f"{variable}: found" in result.stderr) == bool(status)


def test_config_check_ends_with_1_when_settings_are_wrong(liveline: Liveline, monkeypatch: pytest.MonkeyPatch) -> None:
    """All problems are printed, one a line."""
    monkeypatch.setenv("LIVELINE_BIND", "here")
    monkeypatch.setenv("LIVELINE_PARTITIONS", "0")

    result = liveline("config", "check")

    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 2)


def test_the_check_names_what_a_deliverer_would_refuse_of_the_file_s_webhooks(
    liveline: Liveline, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A secret that is missing or unusable, a filter that means nothing, a coverage that the file lacks."""
    path = tmp_path / "liveline.yaml"
    path.write_text(
        "coverages: [{id: harbour-fire}]\n"
        "webhooks:\n"
        "  - {id: one, url: 'https://one.example.org/', filter: {coverag: harbour-fire}}\n"
        "  - {id: two, url: 'https://two.example.org/', filter: {min_urgency: 77}}\n"
        "  - {id: three, url: 'https://three.example.org/', filter: {coverage: [harbour-fire, harbour-fair]}}\n"
    )
    monkeypatch.setenv("LIVELINE_CONFIG", str(path))
    monkeypatch.setenv("LIVELINE_WEBHOOK_SECRET_TWO", "whsec_AAAA")
    monkeypatch.setenv("LIVELINE_WEBHOOK_SECRET_THREE", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    result = liveline("config", "check")

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"LIVELINE_WEBHOOK_SECRET_ONE: missing; webhook 'one' of {path} needs it",
        f"{path}: webhooks.one.filter: 'coverag' is no filter; did you mean 'coverage'?",
        "LIVELINE_WEBHOOK_SECRET_TWO: found a value that is not shown; expected whsec_ and 24 to 64 bytes in base64",
        f"{path}: webhooks.two.filter: min_urgency is '77'; expected 1 (most urgent) to 9",
        f"{path}: webhooks.three.filter: unknown coverage 'harbour-fair'; expected one of harbour-fire",
    ]


@pytest.mark.parametrize(
    "command",
    [["replay"], ["dlq", "list"], ["dlq", "retry"], ["alerts", "test"]],
    ids=" ".join,
)
def test_a_period_that_is_turned_around_is_wrong_use(liveline: Liveline, tmp_path: Path, command: list[str]) -> None:
    """Nothing can be in it: it is no empty result that ends with 0."""
    (tmp_path / "liveline.yaml").write_text("coverages: [{id: harbour-fire}]\n")
    result = liveline(*command, "--from", "2026-05-01T13:00:00Z", "--to", "2026-05-01T12:00:00Z")

    assert result.exit_code == 2
    assert "'2026-05-01T13:00:00Z' is after --to '2026-05-01T12:00:00Z'; expected an earlier time" in result.stderr
