"""schema.org LiveBlogPosting as microdata."""

from datetime import UTC, datetime

from tests.unit.parse.pages import SAMPLES, by_id, read, read_file

POSTS = by_id(read_file(SAMPLES / "microdata" / "page.html"))


def test_properties_are_the_items_own() -> None:
    """Nested items (author, publisher, image) don't lend their names and addresses to the post."""
    post = POSTS["3"]

    assert post.url == "https://evening-post.example/live/harbour-fire#3"
    assert (post.headline, post.authors) == ("Quay reopens", ("Ana Reyes",))
    assert post.published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 2, 10, 45, tzinfo=UTC)
    assert not post.media, "every post shows the page's default picture"


def test_a_text_cut_short_by_a_quotation_mark_is_taken_from_the_page() -> None:
    """The attribute ends at an unescaped quotation mark; the visible text is whole, without headline and sharing."""
    post = POSTS["3"]

    assert post.body_text == 'The harbour master said: "All ships may sail."\n\nFerries follow at noon.'
    assert post.links == ("https://evening-post.example/ferries",)


def test_visible_elements_are_properties_as_well_as_metas() -> None:
    """A link, a time, a heading and a box of text state what metas do; pictures leave the body."""
    post = POSTS["2"]

    assert (post.headline, post.body_text) == ("Two in hospital", "Two people were hurt.")
    assert post.published_at == datetime(2024, 5, 2, 9, 15, tzinfo=UTC)
    assert [(media.caption, media.credit) for media in post.media] == [("The north quay", "Tom Okafor")]


def test_an_update_that_says_nothing_is_a_bad_part() -> None:
    """Its place is its number among the updates; the others go on."""
    page = (SAMPLES / "microdata" / "page.html").read_text()
    parsed = read(page.replace("<ul>", '<ul><li itemprop="liveBlogUpdate" itemscope></li>'))

    assert [part.place for part in parsed.bad] == ["/liveBlogUpdate/0"]
    assert len(parsed.posts) == 2
