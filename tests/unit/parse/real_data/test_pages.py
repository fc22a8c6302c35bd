"""Captures of one page agree, and what is no post gives none."""

import re
from collections import Counter

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
    """A page's posts are those of its JSON-LD alone; texts, bylines and pictures the page may have better."""
    left, right = (
        [(post.id, post.published_at, post.updated_at, post.status) for post in read(f"jsonld-html/{page}{end}").posts]
        for end in (".html", CUT_OUT)
    )

    assert left == right


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_no_less_than_what_was_cut_out_of_it(page: str) -> None:
    """Almost every word that the JSON-LD alone gives is in the page's post as well."""
    for whole, cut in zip(*(read(f"jsonld-html/{page}{end}").posts for end in (".html", CUT_OUT)), strict=True):
        # Where sentences are glued a word of the one is two of the other.
        shown, stated = (Counter(re.findall(r"\w+", post.body_text or "")) for post in (whole, cut))
        assert (stated - shown).total() <= 0.05 * stated.total(), whole.headline


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
