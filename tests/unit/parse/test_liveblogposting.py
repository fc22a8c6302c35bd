"""schema.org LiveBlogPosting as JSON-LD."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from streams.exceptions import ParseError
from tests.unit.parse.pages import SAMPLES, by_id, read, read_file, read_json

PAGE = "https://evening-post.example/live/harbour-fire"


def blog(*updates: Any, **stated: Any) -> dict[str, Any]:
    """Return a live blog with these updates."""
    return {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "url": PAGE,
        "headline": "Harbour fire: live",
        "liveBlogUpdate": list(updates),
        **stated,
    }


def update(**stated: Any) -> dict[str, Any]:
    """Return an update that is complete but for what is stated."""
    return {
        "@type": "BlogPosting",
        "url": f"{PAGE}#p1",
        "headline": "Quay closed",
        "datePublished": "2024-05-02T10:00:00Z",
        "articleBody": "The north quay is closed.",
        **stated,
    }


def test_a_page_gives_each_of_its_posts_once() -> None:
    """Updates are read from the page's script; a repeated one counts once, an empty one is a bad part."""
    parsed = read_file(SAMPLES / "liveblogposting" / "page.html")

    assert parsed.format == "liveblogposting"
    assert [post.id for post in parsed.posts] == ["https://evening-post.example/posts/3", "p2"]
    assert [(bad.place, "empty" in bad.error) for bad in parsed.bad] == [("/liveBlogUpdate/3", True)]


def test_a_post_is_read_whole() -> None:
    """Id, both times, headline without its clock, body without the tweet, one name an author, no page picture."""
    post = by_id(read_file(SAMPLES / "liveblogposting" / "page.html"))["https://evening-post.example/posts/3"]

    assert post.url == f"{PAGE}#p3"
    assert post.published_at == datetime(2024, 5, 2, 10, 40, tzinfo=UTC)
    assert post.updated_at == datetime(2024, 5, 2, 10, 52, tzinfo=UTC)
    assert post.headline == "Quay reopens"
    assert post.body_text == "The north quay is open again & ferries run.\n\nMore here."
    assert post.links == ("https://evening-post.example/news/9",)
    assert post.authors == ("Ana Reyes", "Tom Okafor")
    assert [(embed.provider, embed.url, embed.text) for embed in post.embeds] == [
        ("twitter", "https://twitter.com/harbour/status/77", "All clear")
    ]
    assert not post.media


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"@id": "urn:post:7", "url": f"{PAGE}#p7"}, "urn:post:7"),
        ({"url": f"{PAGE}#p7"}, "p7"),
        ({"url": f"{PAGE}/7"}, f"{PAGE}/7"),
        ({"url": PAGE}, None),
        ({"url": None}, None),
    ],
)
def test_the_id_is_the_posts_own(stated: dict[str, Any], expected: str | None) -> None:
    """The `@id`, else the fragment of the address, else the address; the page's own address tells no post."""
    (post,) = read_json(blog(update(**stated))).posts

    assert post.id == expected


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Ana Reyes", ("Ana Reyes",)),
        ({"@type": "Person", "name": "Ana Reyes"}, ("Ana Reyes",)),
        ([{"name": "Ana Reyes"}, "Tom Okafor"], ("Ana Reyes", "Tom Okafor")),
        ({"@type": "Person", "name": "Ana Reyes, Tom Okafor and Li Wei"}, ("Ana Reyes", "Tom Okafor", "Li Wei")),
        ({"@type": "Organization", "name": "Food and Wine"}, ("Food and Wine",)),
        ("https://evening-post.example/ana", ()),
        (None, ()),
        (7.5, ()),
    ],
)
def test_an_author_is_an_object_a_list_or_a_name(author: object, expected: tuple[str, ...]) -> None:
    """However the author is written, each name is one byline."""
    assert read_json(blog(update(author=author))).posts[0].authors == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("https://x.example/a.jpg", [("https://x.example/a.jpg", None, None)]),
        (["https://x.example/a.jpg", "https://x.example/b.jpg"],
         [("https://x.example/a.jpg", None, None), ("https://x.example/b.jpg", None, None)]),
        ({"@type": "ImageObject", "contentUrl": "https://x.example/a.jpg", "caption": "Quay", "creditText": "Ana"},
         [("https://x.example/a.jpg", "Quay", "Ana")]),
        ([{"url": "https://x.example/w.jpg", "caption": "Quay"}, {"url": "https://x.example/a.jpg", "caption": "Quay"}],
         [("https://x.example/w.jpg", "Quay", None)]),
        ({"url": None}, []),
        ("not an address", []),
    ],
)  # fmt: skip
def test_an_image_is_an_address_an_object_or_a_list(image: object, expected: list[Any]) -> None:
    """Pictures are media with caption and credit; crops of one picture count once."""
    (post,) = read_json(blog(update(image=image))).posts

    assert [(media.url, media.caption, media.credit) for media in post.media] == expected


@pytest.mark.parametrize(
    "document",
    [
        [blog(update())],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, blog(update())]},
        {"@graph": [blog({"@id": "urn:p1"}), update(**{"@id": "urn:p1"})]},
        blog(liveBlogUpdate=update()),
        blog(liveBlogUpdate={"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": update()}]}),
        {**blog(update()), "@type": ["NewsArticle", "LiveBlogPosting"]},
        {**blog(update()), "@type": "http://schema.org/LiveBlogPosting"},
        update(),
    ],
    ids=["array", "graph", "reference", "one object", "item list", "types", "full type", "a post alone"],
)
def test_the_shapes_that_pages_really_use(document: object) -> None:
    """Arrays, graphs, references, single objects and lists of list items hold the same post."""
    (post,) = read_json(document).posts

    assert (post.headline, post.body_text) == ("Quay closed", "The north quay is closed.")


def test_the_pages_headline_is_no_posts_headline() -> None:
    """Where several updates only repeat the page's headline, none of them has one."""
    title = "Harbour fire: live"
    parsed = read_json(blog(update(headline=title, url=f"{PAGE}#a"), update(headline=title, url=f"{PAGE}#b")))

    assert [post.headline for post in parsed.posts] == [None, None]


def test_the_only_update_of_a_page_has_no_headline_of_the_page() -> None:
    """A page that has just begun often gives its first update its own headline."""
    assert read_json(blog(update(headline="Harbour fire: live"))).posts[0].headline is None


def test_a_blog_that_has_not_begun_has_no_posts() -> None:
    """It is known and empty."""
    assert read_json(blog()).posts == ()


def test_broken_json_in_one_script_does_no_harm_to_another() -> None:
    """Line breaks in strings and trailing commas are read; a script beyond help is passed over."""
    good = orjson.dumps(blog(update(articleBody="One. Two."))).decode().replace("One. Two.", "One.\n\nTwo.")
    page = f"""<html><script type="application/ld+json">{{"@type": "BlogPosting", half</script>
        <script type="application/ld+json">/*<![CDATA[*/{good[:-2]},]}}/*]]>*/</script></html>"""

    (post,) = read(page).posts
    assert post.body_text == "One.\n\nTwo."


@pytest.mark.parametrize("bad", [7, "text", None, [], {"headline": ["x"], "articleBody": {"a": 1}}])
def test_a_bad_update_is_named_and_the_others_go_on(bad: object) -> None:
    """One update of a wrong shape is a bad part at its pointer."""
    parsed = read_json(blog(update(), bad))

    assert len(parsed.posts) == 1
    assert [part.place for part in parsed.bad] == ["/liveBlogUpdate/1"]


def test_a_page_without_any_live_blog_is_not_this_format() -> None:
    """An article's page is refused with the formats that are known."""
    with pytest.raises(ParseError):
        read(
            '<html><script type="application/ld+json">{"@type": "NewsArticle"}</script></html>', name="liveblogposting"
        )


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        ("Ana Reyes, Tom Okafor", ("Ana Reyes", "Tom Okafor")),
        ("ANA REYES AND TOM OKAFOR", ("Ana Reyes", "Tom Okafor")),
        ("Ana Reyes, political editor", ("Ana Reyes",)),
        ({"@type": "Organization", "name": "Reyes and Okafor"}, ("Reyes and Okafor",)),
    ],
)
def test_an_author_may_be_several(stated: Any, authors: tuple[str, ...]) -> None:
    """One name each, without jobs; an organisation is one."""
    assert read_json(blog(update(author=stated))).posts[0].authors == authors


def test_line_breaks_part_paragraphs_of_html_that_has_no_other() -> None:
    """As in a body whose only markup is bold words."""
    body = "The quay is <b>closed</b>.\n\nFerries wait & whistle."

    assert (
        read_json(blog(update(articleBody=body))).posts[0].body_text == "The quay is closed.\n\nFerries wait & whistle."
    )


def test_a_videos_name_is_its_caption() -> None:
    """A picture's name is its file's more often than not."""
    video = {"@type": "VideoObject", "name": "The fire", "contentUrl": "https://files.example/fire.mp4"}

    (media,) = read_json(blog(update(video=video))).posts[0].media

    assert (media.type, media.caption) == ("video", "The fire")
