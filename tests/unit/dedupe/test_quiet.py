"""A coverage that was quiet and comes back: its revisions go on where they stopped, whenever that is."""

from datetime import timedelta
from typing import Any

import pytest
from newsdesk import NOON, Newsdesk, at, post, told

from schemas import Post, Source
from schemas.post import Status, TimeBasis

DAY = timedelta(days=1)
FIRE = "Firefighters are tackling a blaze in a warehouse on the north quay, the harbour master said on Wednesday."
TRAMS = "Trams on line 4 are back, the operator says, and it thanks commuters for the patience that they have shown."


def page(*extra: Post) -> list[Post]:
    """Return the posts of one page."""
    posts = [post("p1", FIRE, published_at=at("11:00")), post("p2", TRAMS, published_at=at("11:10"))]
    return [*posts, *extra]


@pytest.mark.parametrize("swept", [False, True])
@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("days", [2, 30])
def test_the_same_page_comes_back(days: int, *, swept: bool, restarted: bool) -> None:
    """Nothing is published again, an edit is the next revision without fields, and new posts are new."""
    desk = Newsdesk()
    desk.push(*page(), snapshot=True)
    desk.push(post("p1", FIRE + " Two crews are out.", published_at=at("11:00")))
    again = NOON + days * DAY + timedelta(hours=1)
    if swept:
        assert desk.sweep(again + timedelta(minutes=30)).coverages == ("harbour-fire",)
    if restarted:
        desk = desk.restart()

    now = post("p1", FIRE + " Two crews are out.", published_at=at("11:00"))
    assert desk.push(now, *page()[1:], received=again, snapshot=True) == []
    (edited,) = desk.push(post("p2", "Trams on line 4 stand still again.", published_at=at("11:10")))
    (new,) = desk.push(post("p3", "The quay is open.", published_at=again))

    assert (edited.change, edited.revision, edited.changed_fields) == ("updated", 2, ())
    assert edited.first_published_at == at("11:10")
    assert (new.change, new.revision) == ("created", 1)


@pytest.mark.parametrize("swept", [False, True])
@pytest.mark.parametrize("restarted", [False, True])
def test_the_same_page_comes_back_after_a_year(*, swept: bool, restarted: bool) -> None:
    """What is not newer than what was forgotten, or has no time, is counted; what is newer is published."""
    desk = Newsdesk()
    desk.push(*page(), post("p0", "Undated."), snapshot=True)
    again = NOON + 365 * DAY
    if swept:
        for days in (3, 30, 89, 92, 360):
            desk.sweep(NOON + days * DAY)
        records = {key: value for key, value in desk.log if key.startswith(b"harbour-fire")}
        assert [key for key, value in records.items() if value is not None] == [b"harbour-fire\0"]
    if restarted:
        desk = desk.restart()

    unseen = [post("p5", "An older one.", published_at=at("10:00")), post("p6", "Undated too.")]
    draft = desk.memory.draft()
    desk.clock = again
    said = desk.decide(draft, [*page(post("p3", "A year later.", published_at=again)), post("p0", "Undated."), *unseen])
    desk.commit(draft)

    assert told(said) == [("created", 1, "A year later.")]
    assert draft.passed_over == 5
    assert told(desk.push(post("p3", "A year and a day later.", published_at=again))) == [
        ("updated", 2, "A year and a day later.")
    ]


def test_it_is_quiet_after_the_quiet_time_and_not_before() -> None:
    """Until 48 hours after its last document an edit says what changed."""
    for wait, fields in ((timedelta(hours=48), ("body_text",)), (timedelta(hours=48, minutes=2), ())):
        desk = Newsdesk()
        desk.push(*page())
        (edited,) = desk.push(post("p1", "Over.", published_at=at("11:00")), received=desk.clock + wait)
        assert edited.changed_fields == fields


def test_a_page_that_is_polled_stays_awake() -> None:
    """A document that says nothing new keeps its coverage awake all the same."""
    desk = Newsdesk()
    desk.push(*page())
    for hour in range(1, 100):
        assert desk.push(*page(), received=NOON + timedelta(hours=hour)) == []
    (edited,) = desk.push(post("p1", "Over.", published_at=at("11:00")))

    assert edited.changed_fields == ("body_text",)


BACK = NOON + 3 * DAY


def rested(*posts: Post, **push: Any) -> Newsdesk:
    """Return a newsdesk that received posts and was quiet since."""
    desk = Newsdesk()
    desk.push(*posts, **push)
    desk.sweep(BACK)
    return desk.restart()


def test_a_skeleton_is_retracted_and_restored() -> None:
    """Deletions and returns go on with the next revision."""
    desk = rested(*page())
    (gone,) = desk.push(Post(id="p1", status=Status.CANCELED), received=BACK)
    desk.sweep(BACK + 3 * DAY)
    (back,) = desk.push(post("p1", FIRE, published_at=at("11:00")), received=BACK + 4 * DAY)

    assert (gone.change, gone.revision, gone.post.id, gone.content_hash) == ("retracted", 2, "p1", None)
    assert (back.change, back.revision, back.changed_fields) == ("restored", 3, ())


def test_what_was_retracted_before_stays_so() -> None:
    """A deletion outlives the quiet time: the older version does not bring the post back."""
    desk = Newsdesk()
    desk.push(post("p1", FIRE, updated_at=at("11:00")))
    desk.push(Post(id="p1", status=Status.CANCELED, updated_at=at("11:30")))
    desk.push(Post(id="p2", status=Status.CANCELED))
    desk.sweep(BACK)

    older = [post("p1", FIRE, updated_at=at("11:00")), post("p2", TRAMS, published_at=at("11:00"))]
    assert desk.push(*older, received=BACK) == []


def test_a_skeleton_neither_corroborates_nor_is_corroborated() -> None:
    """Its text is gone, so another source's report of the same stands for itself."""
    desk = rested(post("p1", FIRE, published_at=at("11:00")), source="post")
    (other,) = desk.push(post("w1", FIRE, published_at=at("11:05")), source="wire", received=BACK)

    assert (other.change, other.duplicate_of) == ("created", None)


def test_an_edited_skeleton_is_a_report_again() -> None:
    """With its next version its text is there once more."""
    desk = rested(post("p1", TRAMS, published_at=at("11:00")), source="post")
    desk.push(post("p1", FIRE, published_at=at("11:00")), source="post", received=BACK)
    said = desk.push(post("w1", FIRE, published_at=at("11:05")), source="wire")

    assert [(d.change, d.revision) for d in said] == [("created", 1), ("corroborated", 3)]


def test_a_duplicate_keeps_its_original() -> None:
    """An edited duplicate still names the first report, which is published no more often than it changed."""
    desk = Newsdesk()
    (first,) = desk.push(post("p1", FIRE, published_at=at("11:00")))
    desk.push(post("w1", FIRE, published_at=at("11:05")), source="wire")
    desk.sweep(BACK)
    said = desk.push(post("w1", FIRE + " More soon.", published_at=at("11:05")), source="wire", received=BACK)

    assert [(d.change, d.revision, d.duplicate_of) for d in said] == [("updated", 2, first.entry_id)]
    gone = desk.push(Post(id="p1", status=Status.CANCELED))
    assert [(d.change, d.revision) for d in gone] == [("retracted", 3)]
    alone = desk.push(post("w1", FIRE + " No more.", published_at=at("11:05")), source="wire")
    assert [(d.change, d.revision, d.duplicate_of) for d in alone] == [("updated", 3, None)]


def test_an_older_version_does_not_overwrite_a_skeleton() -> None:
    """Version and update time are kept: neither an older number nor an earlier time counts."""
    desk = rested(
        post("p1", "Second.", version="2", published_at=at("11:00")),
        post("p2", "Second.", updated_at=at("11:30"), published_at=at("11:00")),
        post("p3", "Second.", version="v10.2", published_at=at("11:00")),
    )
    older = [
        post("p1", "First.", version="1", published_at=at("11:00")),
        post("p2", "First.", updated_at=at("11:20"), published_at=at("11:00")),
        post("p3", "First.", version="v9.9", published_at=at("11:00")),
    ]

    assert desk.push(*older, received=BACK) == []
    assert len(desk.push(post("p3", "Third.", version="v10.3", published_at=at("11:00")))) == 1


def test_a_notation_is_no_edit_of_a_skeleton() -> None:
    """White space, typography and a date that was inferred anew are no news, though the text is no longer kept."""
    inferred = {"time_basis": TimeBasis.DATE_INFERRED}
    desk = rested(post("p1", "It's  over.", published_at=at("11:00"), **inferred), post("p2", FIRE))
    again = [
        post("p1", "It\u2019s over.", published_at=at("11:00") + 3 * DAY, **inferred),
        post("p2", FIRE, language="en"),
    ]

    assert desk.push(*again, received=BACK) == []


def test_posts_without_ids_are_known_by_their_looks() -> None:
    """Shown again they are the same; an edit of the body or of the headline, or a page's changed text, is an edit."""
    shown = [
        post(None, FIRE, headline="Fire", published_at=at("11:00")),
        post(None, TRAMS, headline="Trams", published_at=at("11:10")),
        post(None, "The bridge is closed to all traffic until noon.", published_at=at("11:20")),
        post(None, "Schools stay shut.", headline="Schools", published_at=at("11:30")),
    ]
    desk = rested(*shown, snapshot=True)
    edits = [
        shown[0].model_copy(update={"body_text": "It is out."}),
        shown[1].model_copy(update={"headline": "Trams are back"}),
        shown[2].model_copy(update={"body_text": "Lanes reopen."}),
        shown[3],
    ]
    said = desk.push(*edits, snapshot=True, received=BACK)

    assert sorted((d.change, d.revision) for d in said) == [("updated", 2)] * 3
    assert desk.push(*edits, snapshot=True) == []


def test_a_complete_source_retracts_skeletons() -> None:
    """What its page no longer shows is taken back after as many snapshots as ever."""
    wire = Source(id="wire", complete=True)
    desk = rested(*page(), source=wire, snapshot=True)
    first = desk.push(page()[0], source=wire, snapshot=True, received=BACK)
    second = desk.push(page()[0], source=wire, snapshot=True)

    assert first == []
    assert [(d.change, d.revision) for d in second] == [("retracted", 2)]


def test_an_embargo_outlives_the_quiet_time() -> None:
    """A held post is published at its time, and the time that it is received at is the embargo's end."""
    until = NOON + 10 * DAY
    desk = Newsdesk()
    desk.push(*page(), post("p9", FIRE, status=Status.WITHHELD, embargo_until=until))
    desk.sweep(NOON + 5 * DAY)
    desk = desk.restart()
    draft = desk.memory.draft()
    said = draft.release(until + timedelta(hours=5))
    desk.commit(draft)

    assert [(d.change, d.revision, d.received_at, d.post.body_text) for d in said] == [("created", 1, until, FIRE)]
    assert desk.push(*page(), received=until + 2 * DAY) == []


def test_embargoes_end_in_their_order() -> None:
    """Those of several coverages and posts are published as they end, each at its own time."""
    desk = Newsdesk()
    held = [
        post(f"p{hour}", f"Report {hour}", status=Status.WITHHELD, embargo_until=NOON + timedelta(hours=hour))
        for hour in (3, 1, 2)
    ]
    desk.push(*held)
    said = desk.push(post("p0", "Later"), received=NOON + timedelta(hours=4))

    times = [NOON + timedelta(hours=hour) for hour in (1, 2, 3, 4)]
    assert [d.received_at for d in said] == times


def test_a_document_that_fails_after_the_quiet_time_leaves_nothing() -> None:
    """What it made of a quiet coverage is undone with it, the tombstones too."""
    desk = Newsdesk()
    desk.push(*page())
    desk.clock = BACK
    draft = desk.memory.draft()
    broken = post("p9", "Two").model_copy(update={"published_at": "no time", "time_basis": None})
    with pytest.raises((TypeError, AttributeError, ValueError)):
        desk.decide(draft, [*page(), broken])

    assert list(draft.records()) == []
