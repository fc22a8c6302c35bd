"""The posts of collected pages, against what a person reads in their source."""

import re

import pytest

from tests.unit.parse.agency_samples import REAL
from tests.unit.parse.real_data.by_hand import DESK_WORDS, READERS, agency_words, picture, words
from tests.unit.parse.real_data.collected import read

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data, the collected files, is absent"),
]


@pytest.mark.parametrize("file", READERS)
def test_a_page_is_read_as_a_person_reads_it(file: str) -> None:
    """Headlines, paragraphs, bylines, pictures and key events are those that the page shows."""
    posts, expected = read(file).posts, READERS[file]()

    assert len(posts) == len(expected)
    for post, wanted in zip(posts, expected, strict=True):
        assert words(post.headline) == words(wanted.headline)
        if len(wanted.paragraphs) > 1:
            assert re.split(r"\n+", post.body_text or "") == list(wanted.paragraphs), post.headline
        assert words(post.body_text) == words(" ".join(wanted.paragraphs)), post.headline
        if wanted.authors is not None:
            assert post.authors == wanted.authors, post.headline
        if wanted.pictures is not None:
            shown = [picture(item.url or "") for item in post.media]
            assert shown[: len(wanted.pictures)] == list(wanted.pictures), post.headline
            assert len(shown) <= max(len(wanted.pictures), 1)  # one that the page's JSON-LD alone has
        assert post.key_event == wanted.key_event, post.headline


@pytest.mark.parametrize("file", DESK_WORDS)
def test_an_agencys_text_is_its_paragraphs(file: str) -> None:
    """The body has every word of the item's paragraphs, list items and cells but those for desks."""
    (post,) = read(f"newsml/{file}").posts

    assert re.findall(r"\w+", post.body_text or "") == agency_words(file)
