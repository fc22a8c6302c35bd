"""What a reader would find wrong in the posts of the collected files, counted."""

import re
from pathlib import Path

import pytest

from schemas import Post
from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import REAL
from tests.unit.parse.real_data.collected import files, read
from tests.unit.parse.real_data.defects import DETECTORS, count_defects

PAGE = Path(__file__).parents[4] / "docs" / "formats.md"
MOST = 0.005


def all_posts() -> list[tuple[str, Post]]:
    """Return the posts of all collected files, with their formats."""
    found = []
    for file in files():
        try:
            parsed = read(file)
        except ParseError:
            continue
        found += [(parsed.format, post) for post in parsed.posts]
    return found


def post(**fields: object) -> Post:
    """Return a post of these fields."""
    return Post.model_validate(fields)


SEEN = {
    "glued sentences": post(body_text="The quay is shut.Ferries wait outside the harbour."),
    "empty elements in `body_html`": post(body_html="<p>Two hurt</p><p><br></p>"),
    "markup or code in text": post(headline="Two &amp; three"),
    "long body without paragraphs": post(body_text="The quay is shut. " * 80),
    "body = headline": post(headline="Quay shut", body_text="Quay shut."),
    "author is no name": post(authors=["ANA REYES"]),
    "media without an http address": post(media=[{"type": "image", "url": "quay.jpg", "caption": "Smoke"}]),
    "one picture twice": post(
        media=[
            {"type": "image", "url": "https://example.org/quay-300x200.jpg"},
            {"type": "image", "url": "https://example.org/quay-1200x800.jpg?q=1"},
        ]
    ),
    "desk note in the body": post(body_text="(Adds quotes, background)\n\nTwo people were hurt."),
    "page furniture in the body": post(body_text="Two people were hurt.\n\nShare this article"),
}
SOUND = post(
    headline="Quay shut",
    body_text="By noon U.S. ships had left for St. Mary's.\n\nTwo hurt, says Harbour.example/news.",
    body_html="<p>By noon <b>two</b></p><table><tr><td></td><td>1</td></tr></table><img src='https://example.org/a.jpg'>",
    authors=["Ana McReyes", "AFP"],
    media=[{"type": "image", "url": "https://example.org/a.jpg"}, {"type": "image", "caption": "Smoke"}],
)


@pytest.mark.parametrize("name", DETECTORS)
def test_a_detector_sees_its_defect_and_no_other(name: str) -> None:
    """Each detector finds what it is named after, and nothing in a sound post."""
    assert DETECTORS[name](SEEN[name])
    assert not DETECTORS[name](SOUND)


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data, the collected files, is absent")
def test_each_defect_is_rare() -> None:
    """No defect is in more than one of two hundred posts; the page on formats says how many there are."""
    posts = all_posts()
    counts = count_defects(posts)

    assert {name: counts[name] for name in DETECTORS if counts[name] > MOST * len(posts)} == {}
    rows = "".join(f"| {name} | {counts[name]} | {100 * counts[name] / len(posts):.2f} |\n" for name in DETECTORS)
    shown = re.search(r"<!-- defects -->\n(.*?)<!-- /defects -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    assert shown[1] == f"| defect | of {len(posts):,} posts | per cent |\n|---|---|---|\n{rows}"
