"""Pages whose JSON-LD and markup tell the same posts."""

from typing import Any

import orjson

from schemas import Post
from tests.unit.parse.pages import read

LONG = "Two people were taken to hospital when a part of the old warehouse's roof came down on them"


def page(updates: list[dict[str, Any]], posts: str) -> tuple[Post, ...]:
    """Return the posts of a page with these updates in its JSON-LD and these posts in its markup."""
    blog = {
        "@type": "LiveBlogPosting",
        "headline": "Harbour fire",
        "author": {"name": "Ana Reyes"},
        "liveBlogUpdate": [
            {"@type": "BlogPosting", "author": {"name": "Ana Reyes"}, "url": f"https://example.org/live#e{place}",
             "datePublished": f"2024-05-02T0{9 - place}:00:00Z", **update}
            for place, update in enumerate(updates)
        ],
    }  # fmt: skip
    script = f'<script type="application/ld+json">{orjson.dumps(blog).decode()}</script>'
    return read(f"<html><head>{script}</head><body><main>{posts}</main></body></html>").posts


def entry(place: int, byline: str, inner: str, kind: str = "default") -> str:
    """Return a post in the markup."""
    return (
        f'<div class="entry" id="e{place}" data-type="{kind}"><div class="info"><time datetime="2024-05-02T0'
        f'{9 - place}:00:00Z">{9 - place}:00</time><mark>{byline}</mark></div>{inner}</div>'
    )


def test_the_markup_fills_what_the_json_ld_lacks() -> None:
    """Whole texts, lists, bylines, pictures and a key event come from the markup, the rest from the JSON-LD."""
    quay, roof, fire = page(
        [
            {"headline": "Quay shut", "articleBody": "The quay is shut. These stay open: "},
            {"headline": "Roof comes down", "articleBody": LONG[:60]},
            {"headline": "Fire on the quay", "articleBody": "A fire has broken out. The road is closed."},
        ],
        entry(0, "Tom Field", "<h3>Quay shut</h3><p>The quay is shut.</p><p>These stay open:</p><ul><li>the library"
              "</li><li>the market hall</li></ul>")
        + entry(1, "Tom Field", f"<h3>Roof comes down</h3><p>{LONG}.</p><figure><img "
                "src='https://example.org/roof.jpg'><figcaption>The roof</figcaption></figure>")
        + entry(2, "KEY EVENT", "<h3>Fire on the quay</h3><p>A fire has broken out.</p><p>The road is closed.</p>",
                "key-event"),
    )  # fmt: skip

    assert quay.body_text == "The quay is shut.\n\nThese stay open:\n\nthe library\n\nthe market hall"
    assert (roof.body_text, [item.url for item in roof.media]) == (f"{LONG}.", ["https://example.org/roof.jpg"])
    assert fire.body_text == "A fire has broken out.\n\nThe road is closed."
    assert [post.authors for post in (quay, roof, fire)] == [("Tom Field",), ("Tom Field",), ("Ana Reyes",)]
    assert [post.key_event for post in (quay, roof, fire)] == [False, False, True]


def test_posts_without_times_are_found_by_their_anchors() -> None:
    """Where the markup shows no times, a post is what stands around its anchor; a year in a sentence stays."""
    first, second = page(
        [
            {"headline": "Quay shut", "articleBody": "The quay is shut.Ferries wait for the 2021-22 season."},
            {"headline": "Fire", "articleBody": "A fire has broken out."},
        ],
        "<div class='post'><span id='e0'></span><h2>Quay shut</h2><p>The quay is shut.</p><p>Ferries wait for the "
        "<b>2021-22</b> season.</p><p>\u2014 </p></div><div class='post'><span id='e1'></span><h2>Fire</h2><p>A fire "
        "has broken out.</p></div>",
    )

    assert first.body_text == "The quay is shut.\n\nFerries wait for the 2021-22 season."
    assert second.body_text == "A fire has broken out."


def test_a_time_in_a_table_stays() -> None:
    """A cell that says a time is a part of its row."""
    (first, _) = page(
        [
            {"headline": "Ferries", "articleBody": "Ferries leave again from the north"},
            {"headline": "Fire", "articleBody": "A fire has broken out."},
        ],
        entry(0, "", "<h3>Ferries</h3><p>Ferries leave again from the north quay.</p><table><tr><th>Ferry</th><th>Due"
              "</th></tr><tr><td>North</td><td>10:00</td></tr></table>")
        + entry(1, "", "<h3>Fire</h3><p>A fire has broken out.</p>"),
    )  # fmt: skip

    assert first.body_text == "Ferries leave again from the north quay.\n\nFerry\tDue\nNorth\t10:00"


def test_a_picture_of_the_page_and_a_headline_cut_short_are_not_the_posts() -> None:
    """An image without words that several updates state stands in for none; an ellipsis has its rest in the markup."""
    nameplate = {"@type": "ImageObject", "url": "https://example.org/share/all.png"}
    posts = page(
        [
            {"headline": "Two hurt as a roof comes \u2026", "articleBody": LONG, "image": nameplate},
            {"headline": "Quay shut", "articleBody": "The north quay is shut until noon.", "image": nameplate},
            {"headline": "Fire", "articleBody": "A fire has broken out on the quay.",
             "image": {"url": "https://example.org/fire.jpg", "caption": "Smoke"}},
        ],
        entry(0, "", f"<h3>Two hurt as a roof comes down</h3><p>{LONG}</p>")
        + entry(1, "", "<h3>Quay shut</h3><p>The north quay is shut until noon.</p>")
        + entry(2, "", "<h3>Fire</h3><p>A fire has broken out on the quay.</p>"),
    )  # fmt: skip

    assert [post.headline for post in posts] == ["Two hurt as a roof comes down", "Quay shut", "Fire"]
    assert [[item.url for item in post.media] for post in posts] == [[], [], ["https://example.org/fire.jpg"]]


def test_a_body_that_only_repeats_the_headline_is_none() -> None:
    """A link under the headline of its story says nothing more; the link stays."""
    (post,) = page(
        [{"headline": "Quay shut", "articleBody": "<a href='https://example.org/quay'>Quay shut</a>"}], "<p>x</p>"
    )

    assert (post.headline, post.body_text, post.body_html) == ("Quay shut", None, None)
    assert post.links == ("https://example.org/quay",)


def test_marks_of_an_editors_software_are_no_text() -> None:
    """`[[...]]` stands for a picture or a player that the page puts there."""
    body = "Two hurt.\n\n[[ge:example:1]]\n\n[[(gele.Image2014v1) HARBOUR FIRE]]"

    assert page([{"headline": "Fire", "articleBody": body}], "")[0].body_text == "Two hurt."
