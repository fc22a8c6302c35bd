"""What a second, third, older or vanished version of a post leads to."""

from datetime import timedelta

import ftfy.bad_codecs  # noqa: F401  (registers the codec that mojibake comes from)
import pytest
from newsdesk import NOON, Newsdesk, at, post, told

from schemas import Media, Post, Source
from schemas.post import Status, TimeBasis
from streams.dedupe import Rule

PICTURES = (
    Media(type="image", url="https://img.example/a.jpg?w=300&s=1f", caption="The quay"),
    Media(type="image", url="https://img.example/b.jpg"),
)
STORY = post(
    "p1",
    "Crews fought the fire at the harbour \u2013 \u201cfor hours\u201d.",
    headline="Fire & smoke",
    url="https://example.org/live#p1",
    published_at=at("11:00"),
    authors=("Ana Reyes",),
    media=PICTURES,
    links=("https://example.org/map?utm_source=x",),
)


def test_a_post_is_published_once() -> None:
    """The same post in a second document says nothing new."""
    desk = Newsdesk()

    assert told(desk.push(STORY)) == [("created", 1, STORY.body_text)]
    assert desk.push(STORY) == []


@pytest.mark.parametrize(
    "cosmetic",
    [
        {"body_text": "Crews fought the  fire\nat the harbour \u2013 \u201cfor hours\u201d. "},
        {"body_text": "Crews fought the fire at the harbour - &quot;for hours&quot;."},
        {"body_text": (STORY.body_text or "").encode().decode("sloppy-windows-1252")},
        {"headline": "Fire &amp; smoke"},
        {"url": "http://www.example.org/live/?utm_campaign=live#p1"},
        {"published_at": at("11:00").astimezone().isoformat()},
        {"media": PICTURES[::-1]},
        {"media": (PICTURES[0].model_copy(update={"url": "https://img.example/a.jpg?w=900&s=77"}), PICTURES[1])},
        {"links": ("https://example.org/map",)},
        {"updated_at": at("11:30")},
        {"version": "2"},
        {"time_basis": TimeBasis.ZONE_ASSUMED},
    ],
    ids="+".join,
)
def test_a_change_of_notation_is_no_revision(cosmetic: dict[str, object]) -> None:
    """White space, entities, mojibake, zones, tracking, order of media and a new version alone change nothing."""
    desk = Newsdesk()
    desk.push(STORY)

    assert desk.push(Post.model_validate({**STORY.model_dump(), **cosmetic})) == []


@pytest.mark.parametrize(
    ("edit", "fields"),
    [
        ({"body_text": "Crews fought the fire at the harbour for a day."}, ("body_text",)),
        ({"headline": "Fire and flood", "key_event": True}, ("headline", "key_event")),
        ({"published_at": at("11:01")}, ("published_at",)),
        ({"media": PICTURES[:1]}, ("media",)),
        ({"authors": ("Ana Reyes", "Ben Ode")}, ("authors",)),
        ({"headline": None, "body_text": "New text", "updated_at": at("11:30")}, ("headline", "body_text")),
    ],
    ids="+".join,
)
def test_an_edit_names_the_fields_that_changed(edit: dict[str, object], fields: tuple[str, ...]) -> None:
    """A visible change is the next revision, with the names of what changed."""
    desk = Newsdesk()
    (created,) = desk.push(STORY)

    (edited,) = desk.push(STORY.model_copy(update=edit))

    assert (edited.change, edited.revision, edited.entry_id) == ("updated", 2, created.entry_id)
    assert edited.changed_fields == fields
    assert edited.first_published_at == at("11:00")
    assert edited.content_hash != created.content_hash


def test_an_edit_with_an_older_update_time_is_ignored() -> None:
    """A source that re-sends an old version does not undo a newer one."""
    desk = Newsdesk()
    desk.push(post("p1", "Three hurt", updated_at=at("12:10")))

    assert desk.push(post("p1", "Two hurt", updated_at=at("12:05"))) == []


def test_an_older_version_number_is_ignored_whatever_its_time() -> None:
    """The source's own version goes before its times."""
    desk = Newsdesk()
    desk.push(post("p1", "Three hurt", version="10", updated_at=at("12:05")))

    assert desk.push(post("p1", "Two hurt", version="9", updated_at=at("12:10"))) == []


def test_a_newer_time_without_a_change_still_makes_what_lies_between_stale() -> None:
    """That nothing changed at 12:20 is remembered, so a late version of 12:10 comes too late."""
    desk = Newsdesk()
    desk.push(post("p1", "Three hurt", updated_at=at("12:00")))
    desk.push(post("p1", "Three hurt", updated_at=at("12:20")))

    assert desk.push(post("p1", "Two hurt", updated_at=at("12:10"))) == []


def test_documents_that_are_played_again_change_nothing() -> None:
    """Where the source tells no times, what was received earlier is older."""
    desk = Newsdesk()
    day = [(post("p1", "One"), at("12:01")), (post("p1", "Two"), at("12:02")), (post("p1", "One"), at("12:03"))]

    first = [told(desk.push(each, received=received)) for each, received in day]
    again = [told(desk.push(each, received=received)) for each, received in day]

    assert first == [[("created", 1, "One")], [("updated", 2, "Two")], [("updated", 3, "One")]]
    assert again == [[], [], []]


@pytest.mark.parametrize("status", [Status.CANCELED, Status.WITHHELD])
def test_what_readers_saw_is_retracted_without_its_content(status: Status) -> None:
    """A deletion or a withdrawal is a revision that carries nothing of the post; its return is another."""
    desk = Newsdesk()
    desk.push(STORY)

    (gone,) = desk.push(Post(id="p1", status=status))
    again = desk.push(Post(id="p1", status=status))
    (back,) = desk.push(STORY.model_copy(update={"headline": "Fire out"}))

    assert (gone.change, gone.revision, gone.status) == ("retracted", 2, status)
    assert (gone.post.headline, gone.post.body_text, gone.post.media, gone.changed_fields) == (None, None, (), ())
    assert again == []
    assert (back.change, back.revision, back.status) == ("restored", 3, "usable")
    assert back.changed_fields == ("headline",)


def test_a_return_without_an_edit_has_no_changed_fields() -> None:
    """What comes back as it was says so."""
    desk = Newsdesk()
    desk.push(STORY)
    desk.push(Post(id="p1", status=Status.CANCELED))

    (back,) = desk.push(STORY)

    assert (back.change, back.changed_fields, back.post.body_text) == ("restored", (), STORY.body_text)


@pytest.mark.parametrize(
    "gone",
    [
        Post(id="p1", status=Status.CANCELED),
        Post(id="p1", status=Status.CANCELED, updated_at=at("11:10")),
        Post(id="p1", status=Status.CANCELED, version="3"),
    ],
)
def test_a_post_that_is_gone_when_first_seen_stays_gone(gone: Post) -> None:
    """A deletion that overtakes its post publishes nothing, and the older version can't bring it back."""
    desk = Newsdesk()

    assert desk.push(gone) == []
    assert desk.push(STORY.model_copy(update={"version": "2" if gone.version else None})) == []
    later = STORY.model_copy(update={"updated_at": NOON + timedelta(hours=1), "version": "4" if gone.version else None})
    assert told(desk.push(later)) == [("created", 1, STORY.body_text)]


def test_a_draft_is_published_when_it_is_released() -> None:
    """A withheld post is not published; once usable it is new."""
    desk = Newsdesk()

    assert desk.push(post("p1", "Draft", status=Status.WITHHELD)) == []
    assert told(desk.push(post("p1", "Final"))) == [("created", 1, "Final")]


def test_an_embargo_ends_on_time() -> None:
    """A held post is published at its time, once, by the sweep."""
    desk = Newsdesk()
    held = post("p1", "Budget", status=Status.WITHHELD, embargo_until=at("13:00"))
    assert desk.push(held) == []
    desk = desk.restart()

    early = desk.memory.draft().release(at("12:59"))
    draft = desk.memory.draft()
    due = draft.release(at("13:00"))
    desk.commit(draft)

    assert early == []
    assert [(*each, status) for each, status in zip(told(due), [d.status for d in due], strict=True)] == [
        ("created", 1, "Budget", "usable")
    ]
    assert desk.memory.draft().release(at("14:00")) == []
    assert desk.push(held, received=at("14:01")) == []


def test_an_embargo_that_has_ended_is_seen_by_the_next_document() -> None:
    """Without a sweep, the coverage's next document publishes what is due, before its own posts."""
    desk = Newsdesk()
    desk.push(post("p1", "Budget", embargo_until=at("13:00")))

    assert told(desk.push(post("p2", "Reactions"), received=at("13:05"))) == [
        ("created", 1, "Budget"),
        ("created", 1, "Reactions"),
    ]


def test_a_snapshot_retracts_only_for_complete_sources_and_only_in_time() -> None:
    """A page shows a window; only a source known to be complete takes back by leaving out, twice in a row."""
    desk = Newsdesk()
    complete = Source(id="post", complete=True)
    one, two = post("p1", "One"), post("p2", "Two")

    desk.push(one, two, source=complete, snapshot=True)
    first = desk.push(two, source=complete, snapshot=True)
    replayed = desk.push(two, source=complete, snapshot=True, received=desk.clock)
    second = desk.push(two, source=complete, snapshot=True)
    back = desk.push(one, two, source=complete, snapshot=True)
    window = Newsdesk()
    window.push(one, two, snapshot=True)

    assert (first, replayed) == ([], [])
    assert [(d.change, d.status, d.revision) for d in second] == [("retracted", "canceled", 2)]
    assert told(back) == [("restored", 3, "One")]
    assert [window.push(two, snapshot=True) for _ in range(5)] == [[]] * 5


def test_a_post_that_reappears_in_time_was_never_missing() -> None:
    """The count starts again when a post is shown."""
    desk = Newsdesk()
    complete = Source(id="post", complete=True)
    one, two = post("p1", "One"), post("p2", "Two")
    desk.push(one, two, source=complete, snapshot=True)

    rounds = [desk.push(*shown, source=complete, snapshot=True) for shown in ((two,), (one, two), (two,), (one, two))]

    assert rounds == [[], [], [], []]


def test_a_pinned_copy_in_a_page_is_the_same_post() -> None:
    """The page's copy at the top doesn't make a post flicker."""
    desk = Newsdesk()
    pinned = STORY.model_copy(update={"pinned": True})

    (created,) = desk.push(pinned, STORY, snapshot=True)

    assert created.post.pinned
    assert desk.push(STORY, pinned, snapshot=True) == []


def test_a_document_of_updates_tells_them_one_after_the_other() -> None:
    """A draft sees its own earlier decisions; the same update twice is one."""
    desk = Newsdesk()

    found = desk.push(post("p1", "One"), post("p1", "One"), post("p1", "Two"))

    assert told(found) == [("created", 1, "One"), ("updated", 2, "Two")]


def test_every_post_has_its_reason() -> None:
    """With `explain`, also posts that led to nothing tell why."""
    desk = Newsdesk()
    draft = desk.memory.draft(explain=True)
    desk.decide(draft, [post("p1", "One"), post("p1", "One"), post("p2", "Two", status=Status.CANCELED)])

    assert draft.reasons is not None
    assert [reason.rule for reason in draft.reasons] == [Rule.NEW, Rule.GONE_UNSEEN, Rule.REPEATED]


@pytest.mark.parametrize("snapshot", [False, True])
@pytest.mark.parametrize("first", [True, False], ids=["pinned first", "pinned last"])
def test_a_pinned_copy_is_the_post_with_its_pin(*, first: bool, snapshot: bool) -> None:
    """A page or a pushed list that shows a post twice, once pinned, shows one post, and is stable when repeated."""
    desk = Newsdesk()
    shown = post("p1", "The quay is closed.", published_at=at("11:00"))
    pinned = shown.model_copy(update={"pinned": True})
    both = (pinned, shown) if first else (shown, pinned)

    (created,) = desk.push(*both, snapshot=snapshot)

    assert created.post.pinned
    assert desk.push(*both, snapshot=snapshot) == []
