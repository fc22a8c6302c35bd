"""Posts without ids: edits are recognised, different posts are kept apart."""

import pytest
from newsdesk import Newsdesk, at, post, told

from schemas import Post, Source
from schemas.newsroom import Identity
from schemas.post import Kind

BODY = "Crews from four stations fought the fire at the north quay through the night, the harbour master said."
FIRST = post(None, BODY, headline="Fire at the quay", published_at=at("11:00"))
OTHER = post(None, "Trams run as normal, the city tells commuters.", headline="Trams", published_at=at("11:00"))


@pytest.mark.parametrize(
    "edit",
    [
        {"body_text": BODY.replace("four", "five")},
        {"body_text": BODY + " Nobody was hurt."},
        {"headline": "Large fire at the quay"},
        {"headline": "Blaze out", "body_text": BODY},
        {"headline": "Large fire at quay", "body_text": BODY.replace("through", "for most of")},
        {"published_at": at("11:04")},
        {"headline": None},
    ],
    ids="+".join,
)
@pytest.mark.parametrize("snapshot", [False, True])
def test_an_edit_is_recognised(edit: dict[str, object], *, snapshot: bool) -> None:
    """A post that shows nearly the same is the same post, with its next revision."""
    desk = Newsdesk()
    (created, _) = desk.push(FIRST, OTHER, snapshot=snapshot)

    (edited,) = desk.push(FIRST.model_copy(update=edit), OTHER, snapshot=snapshot)

    assert (edited.entry_id, edited.change, edited.revision) == (created.entry_id, "updated", 2)
    assert desk.restart().push(FIRST.model_copy(update=edit), OTHER, snapshot=snapshot) == []


def test_two_posts_of_the_same_minute_stay_two() -> None:
    """A page that still shows the first one has not edited it into the second, however alike they are."""
    desk = Newsdesk()
    one = post(None, "GOAL! City 1-0 Rovers", published_at=at("11:00"))
    two = post(None, "GOAL! City 2-0 Rovers", published_at=at("11:00"))

    assert told(desk.push(one, snapshot=True)) == [("created", 1, "GOAL! City 1-0 Rovers")]
    assert told(desk.push(two, one, snapshot=True)) == [("created", 1, "GOAL! City 2-0 Rovers")]


@pytest.mark.parametrize(
    "different",
    [
        post(None, "The bridge is closed.", published_at=at("11:00")),
        post(
            None,
            "Trams on line 4 are back at last, and the operator thanks commuters for the patience they have shown.",
            headline="Fire at the quay",
            published_at=at("11:00"),
        ),
        post(None, "GOAL!", published_at=at("11:20")),
        post(None, "Crews are still there.", headline="Fire at the quay", published_at=at("11:30")),
    ],
    ids=["same minute", "same minute and headline", "same short body later", "same headline later"],
)
def test_a_different_post_is_new(different: Post) -> None:
    """The same minute, or the same few words at another time, is no edit."""
    desk = Newsdesk()
    desk.push(FIRST, post(None, "GOAL!", published_at=at("11:00")))

    assert [d.change for d in desk.push(different)] == ["created"]


def test_an_older_version_played_again_is_stale() -> None:
    """The original of an edited post is found by what it was and changes nothing."""
    desk = Newsdesk()
    edited = FIRST.model_copy(update={"headline": "Blaze", "body_text": BODY + " Nobody was hurt."})
    first, second = desk.push(FIRST, received=at("12:01")), desk.push(edited, received=at("12:02"))

    assert (len(first), len(second)) == (1, 1)
    assert desk.push(FIRST, received=at("12:01")) == []
    assert desk.push(edited, received=at("12:02")) == []


def test_the_lead_of_a_page_is_one_entry() -> None:
    """A lead without a time is edited as the event goes on, however much it changes."""
    desk = Newsdesk()
    desk.push(post(None, "A fire broke out.", kind=Kind.SUMMARY), FIRST, snapshot=True)

    assert told(desk.push(post(None, "All is well again.", kind=Kind.SUMMARY), FIRST, snapshot=True)) == [
        ("updated", 2, "All is well again.")
    ]


@pytest.mark.parametrize(
    ("identity", "first", "second"),
    [
        (Identity.URL, {"url": "https://e.org/a?utm_source=x", "id": "1"}, {"url": "https://e.org/a", "id": "2"}),
        (Identity.FRAGMENT, {"url": "https://e.org/a?page=1#p7"}, {"url": "https://e.org/b#p7"}),
        (Identity.ID, {"id": "7", "url": "https://e.org/a"}, {"id": "7", "url": "https://e.org/b"}),
        (Identity.PUBLISHED_HEADLINE, {"id": "1", "headline": "Fire"}, {"id": "2", "headline": "Fire"}),
        (Identity.CONTENT, {"id": "1"}, {"id": "2"}),
    ],
)
def test_the_sources_rule_of_identity_decides(
    identity: Identity, first: dict[str, object], second: dict[str, object]
) -> None:
    """What tells a source's posts apart can be configured."""
    desk = Newsdesk()
    source = Source(id="post", identity=identity)
    (created,) = desk.push(FIRST.model_copy(update={"headline": None, **first}), source=source)

    found = desk.push(FIRST.model_copy(update={"headline": None, **second}), source=source)

    assert all(d.entry_id == created.entry_id for d in found)
    assert all(d.change == "updated" for d in found)


def test_an_address_that_many_posts_share_is_no_identity() -> None:
    """A page that gives every post the page's own address doesn't make them one post."""
    desk = Newsdesk()
    shared = {"url": "https://example.org/live"}

    found = desk.push(FIRST.model_copy(update=shared), OTHER.model_copy(update=shared), snapshot=True)

    assert len({d.entry_id for d in found}) == 2
