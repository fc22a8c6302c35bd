"""The page about the architecture names what is there, and all of it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

QUOTED = set(re.findall(r"`([^`\n]+)`", PAGE))
PATHS = sorted(text for text in QUOTED if re.fullmatch(r"[\w.-]+(/[\w.-]*)+|[\w-]+\.(py|md|js)", text))
ROOMS = sorted(path for path in (ROOT / "streams").iterdir() if path.is_dir() and (path / "__init__.py").exists())
LINKS = sorted(set(re.findall(r"\]\(([\w./-]+)\)", PAGE)))


def test_the_page_names_paths_and_links() -> None:
    """If none were recognised, the tests below would hold nothing."""
    assert len(PATHS) > 50
    assert len(LINKS) > 10


@pytest.mark.parametrize("path", PATHS)
def test_every_path_on_the_page_exists(path: str) -> None:
    """Who moves a file renews the page; a folder is written with a slash at its end."""
    found = ROOT / path

    assert found.is_dir() if path.endswith("/") else found.is_file()


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_has_a_row(room: Path) -> None:
    """A new folder in `streams/` is explained to those who look for it."""
    assert f"\n| `streams/{room.name}/` |" in PAGE


@pytest.mark.parametrize("link", LINKS)
def test_every_link_of_the_page_leads_somewhere(link: str) -> None:
    """Pages beside this one are linked by their file's name."""
    assert (ROOT / "docs" / link).exists()
