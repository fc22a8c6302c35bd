"""Pages and live-blog answers of real publishers: counts, ids, instants, flags and texts as read by eye.

The texts are the publishers' own, so they are compared by hash; a hash was taken once the posts had been compared
with the files.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from tests.unit.parse.pages import REAL, read_file

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL.is_dir(), reason="no ../shared/data: the collected live-blog files are not here"),
]


@dataclass(frozen=True)
class Truth:
    """What a file holds."""

    file: str
    format: str
    posts: int
    ids: str
    instants: str
    headlines: str
    bodies: str
    key_events: int = 0
    pinned: int = 0
    breaking: int = 0
    withheld: int = 0
    canceled: int = 0
    summaries: int = 0
    comments: int = 0
    with_media: int = 0
    with_embeds: int = 0


TRUTHS: tuple[Truth, ...] = (
    Truth(
        "jsonld-html/corkbeo-level3-2020-10-06.html",
        "liveblogposting",
        26,
        "18bfe573b8fc",
        "7e8c6bde4b90",
        "950e21059ce1",
        "057f97c63ea4",
        with_media=1,
        with_embeds=5,
    ),
    Truth(
        "jsonld-html/corkbeo-level3-2020-10-06.liveblogposting.json",
        "liveblogposting",
        26,
        "18bfe573b8fc",
        "7e8c6bde4b90",
        "950e21059ce1",
        "057f97c63ea4",
    ),
    Truth(
        "jsonld-html/independent-wwc-2023-08-14.html",
        "liveblogposting",
        10,
        "f0b491882733",
        "96ae9f1dc3ec",
        "77ca71d3ee3c",
        "5f27f2f5f1ef",
    ),
    Truth(
        "jsonld-html/independent-wwc-2023-08-14.liveblogposting.json",
        "liveblogposting",
        10,
        "f0b491882733",
        "96ae9f1dc3ec",
        "77ca71d3ee3c",
        "5f27f2f5f1ef",
    ),
    Truth(
        "jsonld-html/ndtv-cricket-wc-2023-11-02.html",
        "microdata",
        40,
        "2639bf912a06",
        "395a07b39a81",
        "8f67626519d4",
        "c98fbf5d04cb",
    ),
    Truth(
        "jsonld-html/nytimes-business-live-2020-09.html",
        "liveblogposting",
        9,
        "6256c6c8eddb",
        "51cc430ea09e",
        "6256c6c8eddb",
        "04b6adf5bb31",
        with_media=9,
    ),
    Truth(
        "jsonld-html/nytimes-business-live-2020-09.liveblogposting.json",
        "liveblogposting",
        9,
        "6256c6c8eddb",
        "51cc430ea09e",
        "6256c6c8eddb",
        "04b6adf5bb31",
        with_media=9,
    ),
    Truth(
        "jsonld-html/nytimes-business-live-2020-09.preloaded.json",
        "nyt",
        9,
        "6256c6c8eddb",
        "51cc430ea09e",
        "6256c6c8eddb",
        "90185cdc7483",
        with_media=7,
    ),
    Truth(
        "jsonld-html/repubblica-israele-hamas-2023-11-02.html",
        "liveblogposting",
        79,
        "5a9499827126",
        "4cb74382c587",
        "7c17738520e1",
        "d94ff575fd65",
    ),
    Truth(
        "jsonld-html/repubblica-israele-hamas-2023-11-02.liveblogposting.json",
        "liveblogposting",
        79,
        "5a9499827126",
        "4cb74382c587",
        "7c17738520e1",
        "d94ff575fd65",
    ),
    Truth(
        "jsonld-html/timesofindia-ipl-2020-10-02.html",
        "liveblogposting",
        8,
        "2ad7972e0ef6",
        "ce7d4b5f8b7b",
        "7a0a6f2cd19c",
        "7a0a6f2cd19c",
    ),
    Truth(
        "jsonld-html/timesofindia-ipl-2020-10-02.liveblogposting.json",
        "liveblogposting",
        8,
        "2ad7972e0ef6",
        "ce7d4b5f8b7b",
        "7a0a6f2cd19c",
        "7a0a6f2cd19c",
    ),
    Truth(
        "html-other/telegraph-airasia-2014-12-31.html",
        "page-clocks",
        38,
        "593a8ff71a56",
        "4864defc253a",
        "593a8ff71a56",
        "8611b2bc030d",
        with_media=11,
        with_embeds=11,
    ),
    Truth(
        "guardian-dcr/key-events-LongKeyEvents.json",
        "guardian-dcr",
        4,
        "99d9a39aa882",
        "c4e3fd642498",
        "c90f2fb3ff36",
        "28770a6e685e",
        with_media=1,
        with_embeds=1,
    ),
    Truth(
        "guardian-dcr/key-events-ShortKeyEvents.json",
        "guardian-dcr",
        4,
        "99d9a39aa882",
        "c4e3fd642498",
        "c90f2fb3ff36",
        "28770a6e685e",
        with_media=1,
        with_embeds=1,
    ),
    Truth(
        "guardian-dcr/key-events-SingleKeyEvent.json",
        "guardian-dcr",
        1,
        "258a26200fc5",
        "9d044c013507",
        "05535ecff78e",
        "5395458dee98",
    ),
    Truth(
        "guardian-dcr/live-perseverance.v2021-02-22.json",
        "guardian-dcr",
        13,
        "0af8efc535a0",
        "705d68f2fcdd",
        "879f6ee38b25",
        "ffbd44dda3b1",
        with_media=3,
        with_embeds=2,
    ),
    Truth(
        "guardian-dcr/live-perseverance.v2026-07-01.json",
        "guardian-dcr",
        13,
        "0af8efc535a0",
        "705d68f2fcdd",
        "ceb81201e887",
        "ffbd44dda3b1",
        summaries=1,
        with_media=3,
        with_embeds=2,
    ),
    Truth(
        "guardian-dcr/liveBlock-single.json",
        "guardian-dcr",
        1,
        "258a26200fc5",
        "9d044c013507",
        "da39a3ee5e6b",
        "89265e98d775",
    ),
    Truth(
        "guardian-capi/content-with-blocks.json",
        "guardian-capi",
        6,
        "4c680537c89c",
        "69b922398a5e",
        "dfbe8d99aab7",
        "ac09f4b33650",
        key_events=1,
        pinned=1,
        summaries=2,
        with_media=2,
        with_embeds=1,
    ),
    Truth(
        "guardian-capi/item-content-with-blocks.json",
        "guardian-capi",
        6,
        "4c680537c89c",
        "69b922398a5e",
        "39a21d30c8cb",
        "ac09f4b33650",
        key_events=1,
        pinned=1,
        summaries=1,
        with_media=2,
        with_embeds=1,
    ),
    Truth(
        "guardian-capi/item-content-with-tweets.json",
        "guardian-capi",
        1,
        "d98c8d9b71b0",
        "9d8b4284e883",
        "d1048c62255e",
        "da39a3ee5e6b",
        with_media=1,
        with_embeds=1,
    ),
    Truth(
        "guardian-capi/search.json", "guardian-capi", 10, "646f59a6f97c", "bea370fac9c7", "fc1d4ba054d1", "0fa658ccc71d"
    ),
    Truth(
        "bbc-live/lx-commentary-world-52627824.oldest10.json",
        "bbc",
        10,
        "efe8e5e25bbf",
        "24344ea50ac6",
        "611e899ad264",
        "f0d20ce969b1",
        key_events=2,
        breaking=2,
        with_media=5,
        with_embeds=1,
    ),
    Truth(
        "bbc-live/simorgh-mundo-c7dkx155e626t.json",
        "bbc",
        1,
        "56e034468b55",
        "d16885939766",
        "0f5fe0c12e71",
        "16eb5da7ed5e",
    ),
    Truth(
        "bbc-live/simorgh-pidgin-posts.excerpt.json",
        "bbc",
        3,
        "67a619785850",
        "372fda47b99d",
        "6d4b3b5a70e4",
        "48dc60cbd233",
        breaking=1,
    ),
    Truth(
        "sourcefabric/dpa-livebridge-post-2016-04-28.json",
        "sourcefabric",
        1,
        "77e9c90e4166",
        "18454afc7ce8",
        "da39a3ee5e6b",
        "2e403deb16cb",
        with_media=1,
        with_embeds=1,
    ),
    Truth(
        "sourcefabric/dpa-livebridge-posts-2016-03-29.json",
        "sourcefabric",
        15,
        "b8dd4a62cc64",
        "3d498265844d",
        "e4e21f138404",
        "2259f972b728",
        withheld=1,
        with_media=1,
        with_embeds=8,
    ),
    Truth(
        "sourcefabric/embeds-2018-03-01.json",
        "sourcefabric",
        6,
        "701822b24dd6",
        "cac996e5fce0",
        "0515e985da6b",
        "a194895cc875",
        withheld=1,
        canceled=1,
        with_embeds=6,
    ),
    Truth(
        "sourcefabric/scribblelive-post-2016.json",
        "scribblelive",
        1,
        "c9aaa547f4f3",
        "ca46394f1d23",
        "da39a3ee5e6b",
        "a68e69f0b717",
    ),
    Truth(
        "sourcefabric/sourcefabric-demo-2017-03-23.json",
        "sourcefabric",
        24,
        "98d501deb398",
        "590d13dc9a10",
        "bb1fdb9cc2ab",
        "17277dabc3af",
        key_events=4,
        pinned=2,
        canceled=13,
        comments=1,
        with_media=4,
        with_embeds=8,
    ),
    Truth(
        "sourcefabric/sourcefabric-demo-2017-03-23.v0.json",
        "sourcefabric",
        24,
        "98d501deb398",
        "590d13dc9a10",
        "bb1fdb9cc2ab",
        "17277dabc3af",
        key_events=4,
        pinned=2,
        canceled=13,
        comments=1,
        with_media=4,
        with_embeds=8,
    ),
)


def digest(parts: Iterable[object]) -> str:
    """Return a short hash of texts that white space, punctuation and case don't change."""
    joined = "|".join(re.sub(r"[\W_]+", "", str(part or "")).lower() for part in parts)
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()[:12]


def told(file: str) -> Truth:
    """Return what the parsers say that a file holds."""
    parsed = read_file(REAL / file)
    posts = parsed.posts
    assert not parsed.bad
    return Truth(
        file,
        parsed.format,
        len(posts),
        ids=digest(post.id for post in posts),
        instants=digest(
            time and time.isoformat(timespec="seconds")
            for post in posts
            for time in (post.published_at, post.updated_at)
        ),
        headlines=digest(post.headline for post in posts),
        bodies=digest(post.body_text for post in posts),
        key_events=sum(post.key_event for post in posts),
        pinned=sum(post.pinned for post in posts),
        breaking=sum(post.breaking for post in posts),
        withheld=sum(post.status == "withheld" for post in posts),
        canceled=sum(post.status == "canceled" for post in posts),
        summaries=sum(post.kind == "summary" for post in posts),
        comments=sum(post.kind == "comment" for post in posts),
        with_media=sum(bool(post.media) for post in posts),
        with_embeds=sum(bool(post.embeds) for post in posts),
    )


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.file)
def test_a_real_file_is_read_as_it_is(truth: Truth) -> None:
    """Every post once, with its id, instants, texts and flags."""
    assert told(truth.file) == truth


def test_a_page_and_what_was_cut_out_of_it_agree() -> None:
    """A page's posts equal those of its JSON-LD alone, but for pictures and embeds that only the markup has."""
    for page in sorted((REAL / "jsonld-html").glob("*.html")):
        alone = page.with_name(page.stem + ".liveblogposting.json")
        if alone.is_file():
            left, right = (told(str(path.relative_to(REAL))) for path in (page, alone))
            assert (left.posts, left.ids, left.instants, left.headlines, left.bodies) == (
                right.posts, right.ids, right.instants, right.headlines, right.bodies,
            )  # fmt: skip


def test_two_captures_of_one_blog_agree() -> None:
    """The Guardian's blog of 2021 and its later capture have the same posts; titles and flags came later."""
    old, new = (told(f"guardian-dcr/live-perseverance.v{day}.json") for day in ("2021-02-22", "2026-07-01"))

    assert (old.ids, old.instants, old.bodies) == (new.ids, new.instants, new.bodies)


def test_links_to_other_stories_are_no_posts() -> None:
    """The BBC's list of what has changed is known and empty."""
    assert read_file(REAL / "bbc-live" / "lx-commentary-latest-world-52627824.json").posts == ()
