"""The sample event."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from schemas import Document, Entry
from streams.client.push import PushError
from streams.dedupe import Memory
from streams.demo.check import compare
from streams.demo.expected import as_revisions, expected
from streams.demo.newsroom import demo_newsroom, demo_tokens
from streams.demo.player import play
from streams.demo.story import MINUTES, Step, story
from streams.demo.table import table
from streams.pipeline import Pipeline

BEGIN = datetime(2024, 5, 1, 17, tzinfo=UTC)


def run(begin: datetime, *, at_once: bool) -> tuple[list[Entry], int]:
    """Return the revisions and the number of dead letters that the pipeline makes of the event."""
    pipeline, memory = Pipeline(demo_newsroom()), Memory()
    entries: list[Entry] = []
    letters = 0
    for number, step in enumerate(story(begin)):
        # Pushed at once, documents are still some milliseconds apart.
        late = timedelta(minutes=MINUTES, milliseconds=20 * number) if at_once else timedelta(minutes=step.minute)
        received_at = begin + late + timedelta(seconds=20)
        document = Document(
            id=str(number),
            source_id=step.source,
            coverage_id="harbour-fire",
            received_at=received_at,
            content_type=step.content_type,
            body=step.body,
            url=step.url,
        )
        draft = memory.draft()
        outcome = pipeline.run([(document, None)], draft, received_at)
        memory.apply(draft)
        assert outcome.bugs == []
        entries += outcome.entries
        letters += len(outcome.letters)
    return entries, letters


@pytest.mark.parametrize("at_once", [False, True], ids=["in its hour", "at once"])
@pytest.mark.parametrize("begin", [BEGIN, BEGIN.replace(hour=23, minute=31)], ids=["evening", "over midnight"])
def test_the_pipeline_makes_of_the_event_what_a_person_expects(begin: datetime, *, at_once: bool) -> None:
    """Every revision, in order, and every dead letter, also when the hour crosses midnight."""
    entries, letters = run(begin, at_once=at_once)

    assert as_revisions(entries) == expected().revisions
    assert letters == expected().dead_letters


def test_times_are_those_of_an_event_that_is_now() -> None:
    """No post is from the future, and none from before the hour."""
    entries, _ = run(BEGIN, at_once=False)

    times = [entry.published_at for entry in entries if entry.published_at]
    assert min(times) == BEGIN
    assert max(times) < BEGIN + timedelta(minutes=MINUTES)


def test_every_source_has_a_token_of_its_own() -> None:
    """Two runs never share one."""
    newsroom = demo_newsroom()

    first, second = demo_tokens(newsroom), demo_tokens(newsroom)

    assert set(first) == {"evening-post", "coast-wire", "harbour-radio"}
    assert len({token.get_secret_value() for token in (*first.values(), *second.values())}) == 6


async def test_the_hour_is_played_in_a_minute_and_begins_at_once() -> None:
    """A visitor sees something before the first pause, and the last push comes when the minute is over."""
    slept: list[float] = []
    before_first_pause: list[Step] = []

    async def push(step: Step) -> None:
        if not slept:
            before_first_pause.append(step)

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    taken = await play(push, seconds=60, now=BEGIN, sleep=sleep)

    assert taken == len(story(BEGIN))
    assert {step.source for step in before_first_pause} == {"evening-post", "coast-wire"}
    assert 55 < sum(slept) <= 60
    (last,) = [
        post for post in json.loads(_json_ld(story(BEGIN)[-1].body))["liveBlogUpdate"] if "good-night" in post["url"]
    ]
    assert last["headline"] == "That is all from us tonight"


async def test_a_push_that_fails_does_not_end_the_play() -> None:
    """The others go on, and the count tells."""

    async def push(step: Step) -> None:
        if step.source == "harbour-radio":
            raise PushError("no")

    assert await play(push, seconds=0, now=BEGIN) == sum(step.source != "harbour-radio" for step in story(BEGIN))


def test_the_check_finds_what_is_missing_doubled_or_out_of_order() -> None:
    """A check that can't fail would be none."""
    entries, letters = run(BEGIN, at_once=True)
    wanted, documents = expected(), len(story(BEGIN))

    good = compare(wanted.revisions, entries, (4, letters), documents)
    lost = compare(wanted.revisions, entries[1:], (4, letters), documents)
    doubled = compare(wanted.revisions, [*entries, entries[-1]], (4, letters), documents)
    swapped = compare(wanted.revisions, [entries[1], entries[0], *entries[2:]], (4, letters), documents)
    silent = compare(wanted.revisions, entries, (4, 3), documents)

    assert good.ok, table(good)
    assert table(good).endswith("All as expected.")
    assert lost.differences == ("missing: evening-post 'smoke' revision 1 created",)
    assert doubled.differences == ("not expected: evening-post 'good-night' revision 1 created",)
    assert [row.what for row in swapped.rows if not row.ok] == ["their order"]
    assert [row.what for row in silent.rows if not row.ok] == ["dead letters"]
    assert not any(check.ok for check in (lost, doubled, swapped, silent))


def _json_ld(page: bytes) -> str:
    return page.decode().partition('<script type="application/ld+json">')[2].partition("</script>")[0]
