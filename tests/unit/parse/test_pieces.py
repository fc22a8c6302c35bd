"""A post's HTML taken apart."""

import pytest

from schemas import Post
from streams.parse.html.providers import embed_of, is_social_post, provider_of
from streams.parse.html.take_apart import split_credit, take_apart
from streams.parse.items.merge import merge_posts

WATCH = "https://www.youtube.com/watch?v=abc123def45"


@pytest.mark.parametrize(
    ("html", "embeds"),
    [
        ('<iframe src="https://www.youtube.com/embed/abc123def45?rel=0"></iframe>', [("youtube", WATCH)]),
        ('<iframe src="//player.vimeo.com/video/9"></iframe>', [("vimeo", "https://player.vimeo.com/video/9")]),
        (
            '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/x1/">Q</blockquote>',
            [("instagram", "https://www.instagram.com/p/x1/")],
        ),
        ("<p>https://twitter.com/harbour/status/77</p>", [("twitter", "https://twitter.com/harbour/status/77")]),
        ('<amp-youtube data-videoid="abc123def45"></amp-youtube>', [("youtube", WATCH)]),
        ('<div class="fb-post" data-href="https://www.facebook.com/h/posts/1"></div>', [("facebook", "https://www.facebook.com/h/posts/1")]),
        (
            '<div class="tweet" data-url="https://twitter.com/harbour/status/77"></div>',
            [("twitter", "https://twitter.com/harbour/status/77")],
        ),
        ("<blockquote><p>A long night.</p></blockquote>", []),
        ('<iframe src="about:blank"></iframe>', []),
    ],
)  # fmt: skip
def test_what_others_host_is_an_embed(html: str, embeds: list[tuple[str, str]]) -> None:
    """Players and social posts become embeds with permanent links; a quotation stays in the text."""
    pieces = take_apart(f"<p>Before.</p>{html}")

    assert [(embed.provider, embed.url) for embed in pieces.embeds] == embeds
    assert "Before." in pieces.html
    assert ("A long night." in pieces.html) == ("long" in html)


@pytest.mark.parametrize(
    ("html", "media"),
    [
        (
            '<figure><img src="https://x.example/a"><figcaption>Quay (Ana Reyes/AP)</figcaption></figure>',
            [("https://x.example/a", "Quay", "Ana Reyes/AP")],
        ),
        ('<img data-src="https://x.example/a" alt="Quay">', [("https://x.example/a", None, None)]),
        ('<img src="https://x.example/pixel.gif" width="1" height="1">', []),
        (
            '<p><img src="https://x.example/a"><br><sup>Firefighters (AP)</sup></p>',
            [("https://x.example/a", "Firefighters", "AP")],
        ),
        ("<figure><blockquote>A long night.</blockquote></figure>", []),
    ],
)  # fmt: skip
def test_pictures_leave_the_text_with_caption_and_credit(
    html: str, media: list[tuple[str, str | None, str | None]]
) -> None:
    """Captions and credits are the picture's; counting pixels are nothing."""
    pieces = take_apart(f"<p>Before.</p>{html}")

    assert [(item.url, item.caption, item.credit) for item in pieces.media] == media
    assert "<img" not in pieces.html
    assert "Quay" not in pieces.html
    assert "Firefighters" not in pieces.html


@pytest.mark.parametrize(
    "name", ["advert", "ad-slot-2", "share-buttons", "social-share", "newsletter-signup", "related", "read-more"]
)
def test_what_is_no_content_is_removed(name: str) -> None:
    """Adverts, sharing and invitations elsewhere are known by their class."""
    assert take_apart(f'<div>Text<div class="x {name}">Buy boats</div></div>').html == "<div>Text</div>"


@pytest.mark.parametrize("name", ["shareholder-news", "headline", "additional", "unrelated-note"])
def test_a_class_that_only_resembles_is_kept(name: str) -> None:
    """A name is compared as a word, not as a part of one."""
    assert "Kept" in take_apart(f'<div><p class="{name}">Kept</p></div>').html


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("Quay (Getty Images)", ("Quay", "Getty Images")),
        ("Quay. Photograph: Ana Reyes/AP", ("Quay.", "Ana Reyes/AP")),
        ("Quay (north side)", ("Quay (north side)", None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_a_credit_at_the_end_of_a_caption(caption: str | None, expected: tuple[str | None, str | None]) -> None:
    """It is told by its label or by the agency it names."""
    assert split_credit(caption) == expected


@pytest.mark.parametrize(
    ("url", "name", "social"),
    [
        ("https://twitter.com/a/status/1", "twitter", True),
        ("https://mobile.twitter.com/a/status/1", "twitter", True),
        ("https://twitter.com/a", "twitter", False),
        ("https://nottwitter.com/a/status/1", "nottwitter.com", True),
        ("https://evening-post.example/x", "evening-post.example", False),
        ("http://[", None, False),
    ],
)
def test_providers_are_told_by_their_host(url: str, name: str | None, social: bool) -> None:  # noqa: FBT001
    """Subdomains count, look-alikes don't; a post's address is told from a profile's."""
    assert provider_of(url) == name
    assert is_social_post(url) is social


def test_a_players_address_becomes_the_pages() -> None:
    """Facebook's plugin names the post in its query."""
    player = "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fh%2Fposts%2F1&width=500"

    assert embed_of(player).url == "https://www.facebook.com/h/posts/1"


def test_copies_of_a_post_are_one() -> None:
    """The newest content, the first publication, and every flag that a copy has."""
    old = Post(
        id="p1",
        headline="Two hurt",
        published_at="2024-05-02T10:00:00Z",
        updated_at="2024-05-02T10:00:00Z",
        pinned=True,
    )
    new = Post(id="p1", headline="Three hurt", published_at="2024-05-02T10:05:00Z", updated_at="2024-05-02T10:30:00Z")
    other = Post(headline="Two hurt")

    merged, second = merge_posts([old, other, new])

    assert (merged.headline, merged.pinned, merged.published_at, second) == (
        "Three hurt",
        True,
        old.published_at,
        other,
    )
