"""`make digests`."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
FILES = [ROOT / "docker-compose.yml", ROOT / "deploy" / "docker" / "Dockerfile"]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the script as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "deploy" / "docker"))
    import digests  # noqa: PLC0415  (found by its folder)

    yield digests
    del sys.modules["digests"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_image_is_pinned_and_nothing_else_changes(script: Any, file: Path) -> None:
    """Also one that was pinned before, to what its version is now."""
    text = file.read_text()
    once = script.pinned(text, lambda image: f"sha256:{len(image):064x}")
    again = script.pinned(once, lambda _: "sha256:" + "a" * 64)

    assert script.images(text)
    assert all(text.count(image) == once.count(f"{image}@sha256:") for image in script.images(text))
    assert re.sub(r"@sha256:\w{64}", "", once) == text
    assert set(re.findall(r"@sha256:(\w)", again)) == {"a"}
    assert "liveline:0.1.0@" not in once


def test_what_is_not_known_leaves_all_as_it_is(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No docker, or no registry: the files stay, the message says of which image."""
    copies = [tmp_path / file.name for file in FILES]
    for copy, file in zip(copies, FILES, strict=True):
        copy.write_text(file.read_text())
    monkeypatch.setenv("PATH", str(tmp_path))

    assert script.main(list(map(str, copies))) == 1
    assert "apache/kafka" in capsys.readouterr().err
    assert [copy.read_text() for copy in copies] == [file.read_text() for file in FILES]
