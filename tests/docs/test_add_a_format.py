"""docs/add-a-format.md does what it says, in a copy of the code and with no other change."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "add-a-format.md"
FILES = re.compile(r"^`([\w./-]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the code with the page's files in it."""
    folder = tmp_path_factory.mktemp("checkout")
    for room in ("schemas", "streams"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    found = FILES.findall(PAGE.read_text())
    assert len(found) == 3
    for name, text in found:
        path = folder / name
        assert not (ROOT / name).exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module in the copy."""
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_command_on_the_page_prints_what_the_page_says(copy: Path) -> None:
    """Three posts of the new format, line 5 named, exit code 1."""
    (command,) = re.findall(r"^\$ liveline (.*)$", PAGE.read_text(), re.MULTILINE)

    done = run(copy, "streams", *command.split())

    posts = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [post["format"] for post in posts]) == (1, ["ticker"] * 3), done.stderr
    assert "line 5" in done.stderr


def test_the_test_on_the_page_passes(copy: Path) -> None:
    """With the page's own files and nothing else."""
    done = run(copy, "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/parse/test_ticker.py")

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_the_code_on_the_page_is_in_style(copy: Path) -> None:
    """What a newcomer copies passes the linter."""
    done = run(
        copy, "ruff", "check", "--no-cache", "streams/parse/formats/ticker.py", "tests/unit/parse/test_ticker.py"
    )

    assert done.returncode == 0, done.stdout
