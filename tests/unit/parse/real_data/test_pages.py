"""Captures of one page agree, and what is no post gives none."""

import pytest

from tests.unit.parse.agency_samples import REAL
from tests.unit.parse.real_data.collected import found, read

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data, the collected files, is absent"),
]
CUT_OUT = ".liveblogposting.json"
PAGES = [path.name.removesuffix(CUT_OUT) for path in sorted((REAL / "jsonld-html").glob(f"*{CUT_OUT}"))]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_and_what_was_cut_out_of_it_agree(page: str) -> None:
    """A page's posts equal those of its JSON-LD alone, but for pictures and embeds that only the markup has."""
    left, right = (
        [{**post, "media": "", "embeds": ""} for post in found(f"jsonld-html/{page}{suffix}")[1]]
        for suffix in (".html", CUT_OUT)
    )

    assert left == right


def test_two_captures_of_one_blog_agree() -> None:
    """The Guardian's blog of 2021 and its later capture have the same posts; titles and flags came later."""
    old, new = (
        [{**post, "headline": "", "flags": ""} for post in found(f"guardian-dcr/live-perseverance.v{day}.json")[1]]
        for day in ("2021-02-22", "2026-07-01")
    )

    assert old == new


def test_links_to_other_stories_are_no_posts() -> None:
    """The BBC's list of what has changed is known and empty."""
    assert read("bbc-live/lx-commentary-latest-world-52627824.json").posts == ()
