"""The README and CONTRIBUTING keep their word: every command, target, setting and link exists."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from schemas import Newsroom
from streams.cli import main
from streams.settings.variables import setting_variables, sink_variable, token_variable

ROOT = Path(__file__).parents[2]
_KNOWN = {*setting_variables(), token_variable("evening-post"), sink_variable("desk")}
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/add-a-format.md",
    "docs/alerts.md",
    "docs/operating.md",
    "docs/polling.md",
)
FENCES = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def fenced(page: str, language: str) -> list[str]:
    """Return the page's blocks of a language."""
    return [text for name, text in FENCES.findall((ROOT / page).read_text()) if name == language]


def commands(page: str) -> Iterator[list[str]]:
    """Yield the words of each command on the page, in fences and in the text."""
    for block in fenced(page, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                yield shlex.split(line.removeprefix("$ "), comments=True)
    text = FENCES.sub("", (ROOT / page).read_text())
    for inline in re.findall(r"`((?:make|liveline) [^`]+)`", text):
        yield shlex.split(inline)


COMMANDS = [pytest.param(words, id=f"{page}: {' '.join(words)}") for page in PAGES for words in commands(page)]


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_exists(words: list[str]) -> None:
    """A reader can type what is written."""
    match words:
        case ["make", target, *_]:
            assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
        case ["liveline", *arguments]:
            _resolves(arguments)
        case ["export", assignment]:
            assert assignment.split("=")[0] in _KNOWN
        case ["curl", *_]:
            pass
        case _:
            pytest.fail(f"nobody checks {words[0]}")


def _resolves(arguments: list[str]) -> None:
    """Check that the command is there and knows the options."""
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"liveline has no command {name}"
        command = found
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {argument for argument in arguments if argument.startswith("--")} <= known


def test_the_readme_has_commands() -> None:
    """The rule above has something to check."""
    assert sum(parameter.id.startswith("README") for parameter in COMMANDS if parameter.id) > 8


@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md", "docs/configuration.md"])
def test_every_link_within_the_project_leads_somewhere(page: str) -> None:
    """No link is broken by moving a file."""
    for target in re.findall(r"\]\(([^)]+)\)", (ROOT / page).read_text()):
        if not target.startswith(("http://", "https://", "#")):
            assert ((ROOT / page).parent / target.partition("#")[0]).exists(), target


def test_the_newsroom_in_the_readme_is_valid() -> None:
    """What a reader copies is accepted."""
    (block,) = fenced("README.md", "yaml")

    assert Newsroom.model_validate(yaml.safe_load(block)).source("evening-post")


def test_every_setting_that_a_page_names_exists() -> None:
    """A renamed setting is renamed everywhere."""
    for page in PAGES:
        named = set(re.findall(r"\bLIVELINE_[A-Z_]+[A-Z]\b", (ROOT / page).read_text()))
        assert named <= _KNOWN
