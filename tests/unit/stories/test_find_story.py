"""Which story an entry is part of, and what keeps it there."""

from datetime import timedelta

import pytest
from story_desk import FERRY, FERRY_LATER, NOON, SCHOOLS, TRAMS, StoryDesk

from streams.stories import StoryRule


@pytest.fixture
def desk() -> StoryDesk:
    """Return a desk on which a ferry and trams were told of."""
    desk = StoryDesk()
    desk.push({"id": "1", "body_text": FERRY})
    desk.push({"id": "2", "body_text": TRAMS})
    return desk


def test_another_source_s_words_on_the_same_join_its_story(desk: StoryDesk) -> None:
    """What goes on with a development, in other words, has its story; another topic has one of its own."""
    ferry = desk.story({"id": "1", "body_text": FERRY, "key_event": True})

    assert desk.story({"id": "w1", "body_text": FERRY_LATER}, source="wire") == ferry
    assert desk.story({"id": "w2", "body_text": SCHOOLS}, source="wire") != ferry


def test_a_story_is_named_after_its_coverage_and_its_first_entry() -> None:
    """On a replay it has the same name, whatever was told before it."""
    before, alone = StoryDesk(), StoryDesk()
    before.push({"id": "2", "body_text": TRAMS})

    assert before.story({"id": "1", "body_text": FERRY}) == alone.story({"id": "1", "body_text": FERRY})


def test_a_duplicate_is_part_of_its_original_s_story(desk: StoryDesk) -> None:
    """However its own words are weighed."""
    original = desk.story({"id": "1", "body_text": FERRY, "key_event": True})
    entries = desk.push({"id": "w1", "body_text": FERRY}, source="wire")

    assert [entry.story_id for entry in entries] == [original, original]
    assert any(entry.duplicate_of for entry in entries)


def test_a_promoted_duplicate_keeps_the_story(desk: StoryDesk) -> None:
    """When the first report is taken back, the next one stands for it, in the same story."""
    original = desk.story({"id": "1", "body_text": FERRY, "key_event": True})
    desk.push({"id": "w1", "body_text": FERRY}, source="wire")

    entries = desk.push({"id": "1", "status": "canceled"})

    assert {entry.story_id for entry in entries} == {original}
    assert {entry.change.value for entry in entries} == {"retracted", "updated"}


def test_an_edit_keeps_its_story(desk: StoryDesk) -> None:
    """A correction and an addition tell of the same."""
    before = desk.story({"id": "1", "body_text": FERRY, "key_event": True})

    assert desk.story({"id": "1", "body_text": FERRY.replace("Three", "Five")}) == before
    assert desk.story({"id": "1", "body_text": f"{FERRY} Two of them are in hospital."}) == before


def test_an_edit_that_tells_something_else_moves_to_that_story(desk: StoryDesk) -> None:
    """A post that a desk uses again belongs where its new text does."""
    trams = desk.story({"id": "2", "body_text": TRAMS, "key_event": True})
    desk.push({"id": "3", "body_text": SCHOOLS})

    again = "The operator says trams on line 4 run again after the power failure, and thanks patient commuters."

    outcome = desk.outcome({"id": "3", "body_text": again})

    assert [entry.story_id for entry in outcome.entries] == [trams]
    assert [story.rule for story in outcome.stories] == [StoryRule.MOVED]


def test_an_edit_that_is_like_nothing_told_keeps_its_story(desk: StoryDesk) -> None:
    """Readers who follow a story do not lose an entry for a rewrite alone."""
    before = desk.story({"id": "1", "body_text": FERRY, "key_event": True})

    assert desk.story({"id": "1", "body_text": "Nothing further is expected tonight; we close here."}) == before


def test_a_retraction_and_a_return_keep_the_story(desk: StoryDesk) -> None:
    """So that an alert about the story hears of them, after a restart too."""
    desk.push({"id": "w1", "body_text": FERRY_LATER}, source="wire")
    desk.restart()
    ferry = desk.story({"id": "1", "body_text": FERRY, "key_event": True})

    assert desk.story({"id": "w1", "status": "canceled"}, source="wire") == ferry
    assert desk.story({"id": "w1", "body_text": FERRY_LATER}, source="wire") == ferry


def test_a_retraction_after_a_long_silence_keeps_the_story(desk: StoryDesk) -> None:
    """What is left of a quiet coverage's entries names their stories."""
    desk.push({"id": "w1", "body_text": FERRY_LATER}, source="wire")
    ferry = desk.story({"id": "1", "body_text": FERRY, "key_event": True})
    later = NOON + timedelta(days=4)
    desk.push({"id": "9", "body_text": SCHOOLS, "published_at": later.isoformat()}, at=later)
    desk.restart()

    assert desk.story({"id": "w1", "status": "canceled"}, source="wire", at=later + timedelta(minutes=1)) == ferry


def test_what_is_retracted_draws_nobody(desk: StoryDesk) -> None:
    """A report that was wrong is no ground for another one's story."""
    ferry = desk.story({"id": "1", "body_text": FERRY, "key_event": True})
    desk.push({"id": "1", "status": "canceled"})

    assert desk.story({"id": "w1", "body_text": FERRY_LATER}, source="wire") != ferry


def test_recaps_and_comments_are_part_of_no_story(desk: StoryDesk) -> None:
    """A recap repeats many stories, and what a reader says is no report."""
    for kind in ("summary", "comment"):
        assert desk.story({"id": kind, "kind": kind, "body_text": FERRY_LATER}) is None


def test_a_section_s_name_over_every_post_joins_nothing() -> None:
    """Some pages show one headline over all their posts: it tells of none of them."""
    desk = StoryDesk()
    bodies = (FERRY, TRAMS, SCHOOLS, "Bakers bring bread to the shelter.", "Divers look for the anchor tonight.")

    stories = {desk.story({"id": body[:9], "headline": "Winter in Westhaven", "body_text": body}) for body in bodies}

    assert len(stories) == len(bodies)


def test_the_same_words_weeks_later_are_another_story(desk: StoryDesk) -> None:
    """Likeness fades with time: the next accident at the pier is not this one."""
    hours = [timedelta(hours=hour) for hour in range(0, 24 * 8, 24)]
    near = desk.story({"id": "1", "body_text": FERRY, "key_event": True})
    for number, after in enumerate(hours):  # the coverage never rests
        at = NOON + after
        desk.push({"id": f"t{number}", "body_text": f"{number} trams ran.", "published_at": at.isoformat()}, at=at)
    at = NOON + timedelta(days=8)

    assert desk.story({"id": "w1", "body_text": FERRY_LATER, "published_at": at.isoformat()}, at=at) != near


def test_why_is_said(desk: StoryDesk) -> None:
    """The nearest entry, how alike it is, and by which words."""
    (reason,) = desk.outcome({"id": "w1", "body_text": FERRY_LATER}, source="wire").stories

    assert reason.rule is StoryRule.JOINED
    assert (reason.likeness or 0) > 0.27
    assert {"ferry", "pier"} <= set(reason.words)
