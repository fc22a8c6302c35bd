"""Hooks of MkDocs: pages from outside `docs/`, links between the two, and nothing that a browser would fetch elsewhere.

Links are written for the repository. Here one to a page of the site leads there; one to another file of the repository
becomes its path in words, since the site has no such file. A link to a file that doesn't exist stops the build.
"""

import os
import posixpath
import re
from pathlib import Path
from typing import Any, Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).parents[1]
OUTSIDE: Final = {
    "README.md": "index.md",
    "deploy/helm/liveline/README.md": "kubernetes.md",
    **{name: name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")},
}
"""Files of the repository that are pages, with the place where the site has them."""
_LINK: Final = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_PICTURE: Final = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_FENCE: Final = re.compile(r"(^```.*?^```)", re.MULTILINE | re.DOTALL)
_FETCHED: Final = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//[^>]*>""")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add each format's page to the navigation: a new format is one more file, and nothing else changes."""
    pages = sorted(f"formats/{path.name}" for path in (ROOT / "docs" / "formats").glob("*.md"))
    _formats(config.nav or []).extend(pages)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Bring in the pages from outside."""
    for source, place in OUTSIDE.items():
        files.append(File.generated(config, place, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Turn the repository's links into the site's, outside code."""
    place = page.file.src_uri
    source = next((each for each, there in OUTSIDE.items() if there == place), f"docs/{place}")
    parts = _FENCE.split(markdown)
    return "".join(part if part.startswith("```") else _linked(part, source, place) for part in parts)


def on_post_page(output: str, page: Page, **_: Any) -> str:
    """Refuse a page that would fetch something from another host."""
    if found := _FETCHED.search(output):
        raise PluginError(f"{page.file.src_uri}: fetches from elsewhere: {found[0]}")
    return output


def _formats(nav: list[Any]) -> list[Any]:
    reference = next(each["Reference"] for each in nav if "Reference" in each)
    formats: list[Any] = next(each["Formats"] for each in reference if "Formats" in each)
    return formats


def _linked(text: str, source: str, place: str) -> str:
    def picture(match: re.Match[str]) -> str:
        return f"![{match[1]}]({_target(match[2], source, place) or match[2]})"

    def link(match: re.Match[str]) -> str:
        target = _target(match[2], source, place)
        return f"[{match[1]}]({target})" if target else f"{match[1]} (`{_path(match[2], source)}`)"

    return _LINK.sub(link, _PICTURE.sub(picture, text))


def _path(link: str, source: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), link.partition("#")[0]))


def _target(link: str, source: str, place: str) -> str | None:
    """Return the link as the site needs it; None for a file that the site does not have."""
    if re.match(r"[a-z]+:|#", link):
        return link
    path = _path(link, source)
    if not (ROOT / path).exists():
        raise PluginError(f"{source}: no such file: {link}")
    inside = OUTSIDE.get(path) or (path.removeprefix("docs/") if path.startswith("docs/") else None)
    if inside is None:
        return None
    anchor = link.partition("#")[2]
    return os.path.relpath(inside, posixpath.dirname(place) or ".") + (f"#{anchor}" if anchor else "")
