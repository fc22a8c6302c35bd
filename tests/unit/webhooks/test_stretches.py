"""The pieces of entries that a webhook is told, over switches."""

from datetime import UTC, datetime

from streams.generations.record import Live
from streams.webhooks.stretches import Piece, pieces_of

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def identity(topic: str) -> str | None:
    """Return which log a topic is."""
    return None if "gone" in topic else f"log of {topic}"


async def test_without_a_switch_there_is_one_piece_without_an_end() -> None:
    """Its log is the topic's alone: positions of before generations stay what they are."""
    assert await pieces_of(Live(), "liveline.", identity) == [
        Piece("liveline.entries", "log of liveline.entries", {}, None, "")
    ]


async def test_the_same_topic_live_again_is_another_log() -> None:
    """So a place in the first stretch is none in the third; ids of another generation begin with its name."""
    live = Live().switched("week", None, {0: 5}, {0: 7}, NOON).switched("live", None, {0: 9}, {0: 6}, NOON)

    assert await pieces_of(live, "liveline.", identity) == [
        Piece("liveline.entries", "log of liveline.entries", {}, {0: 5}, ""),
        Piece("liveline.week.entries", "log of liveline.week.entries#1", {0: 7}, {0: 9}, "week:"),
        Piece("liveline.entries", "log of liveline.entries#2", {0: 6}, None, ""),
    ]


async def test_a_generation_that_was_dropped_is_passed_over() -> None:
    """What it told can't be read any more; the others can."""
    live = Live().switched("gone", None, {0: 5}, {0: 7}, NOON).switched("live", None, {0: 9}, {0: 6}, NOON)

    assert [piece.topic for piece in await pieces_of(live, "liveline.", identity)] == ["liveline.entries"] * 2
