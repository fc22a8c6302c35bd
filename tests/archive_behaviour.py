"""What every archive does, whatever database holds it: one suite, run on SQLite and on PostgreSQL."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
import structlog
from gateway_harness import an_entry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas import Status
from schemas.entry import Figure, FigureKind
from streams.archive import Archive, ArchiveError, Due, Revision, due, open_archive
from streams.archive.facets import Facets
from streams.archive.search import SearchPlace, SearchQuery
from streams.gateway.delivery.filters import Filter

PARTITIONS = (0, 1)
LOG = structlog.get_logger()
EVERYTHING = Filter()
GONE: dict[str, Any] = {"status": Status.WITHHELD}
TESTS = Path(__file__).parent


def revision(number: int, version: int = 1, *, partition: int = 0, offset: int, **fields: Any) -> Revision:
    """Return a record, a second after its offset."""
    entry = an_entry(number, version, **fields)
    facets = Facets.of(entry.to_dict())
    return Revision(partition, offset, offset * 1000, entry.entry_id, version, entry.to_json(), facets)


def dead(number: int) -> list[Figure]:
    """Return the figures of an entry that tells of dead."""
    return [Figure(kind=FigureKind.DEAD, value=number, text="x", start=0, end=1)]


def places(revisions: Any) -> list[tuple[int, int]]:
    """Return where revisions stand."""
    return [(each.partition, each.offset) for each in revisions]


@asynccontextmanager
async def opened(url: str, identity: str = "log", partitions: Sequence[int] = PARTITIONS) -> AsyncIterator[Archive]:
    """Open the archive, and close it."""
    archive = open_archive(url, LOG)
    try:
        await archive.open(identity, partitions)
        yield archive
    finally:
        await archive.close()


async def found(archive: Archive, query: str, wanted: Filter = EVERYTHING) -> list[str]:
    """Return the ids of what is found, best first."""
    page = await archive.search(SearchQuery.read(query), wanted, SearchPlace(), 50)
    return [hit.revision.entry_id for hit in page.hits]


def ids(*numbers: int) -> list[str]:
    """Return entries' ids."""
    return [an_entry(number).entry_id for number in numbers]


async def drained(archive: Archive) -> list[tuple[int, int]]:
    """Return where all revisions stand, in the order in which they are held."""
    seen: list[tuple[int, int]] = []
    place, following = {0: 0, 1: 0}, None
    while True:
        page = await archive.after(place, EVERYTHING, following, 100)
        seen += places(page.revisions)
        place, following = dict(page.position), page.next
        if following is None:
            return seen


async def a_writer(url: str) -> asyncio.subprocess.Process:
    """Start a process that appends until it is killed."""
    return await asyncio.create_subprocess_exec(
        sys.executable, str(TESTS / "archive_writer.py"), url, stdout=asyncio.subprocess.PIPE, cwd=TESTS.parent
    )


async def has_written(process: asyncio.subprocess.Process, count: int) -> int:
    """Wait until a process has appended so many more; returns where it stood."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        begun = int(await process.stdout.readline())
        while int(await process.stdout.readline()) < begun + count:
            pass
    return begun


async def kill(process: asyncio.subprocess.Process) -> None:
    """End a process by kill -9, whatever it is doing."""
    process.kill()
    await process.communicate()


_SHARED = (HealthCheck.function_scoped_fixture, HealthCheck.differing_executors)
"""Each example has an archive of its own within the database; the suite runs for each implementation."""
REVISED = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(1, 3),
        st.sampled_from(["fire", "flood", None]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=40,
)


class ArchiveBehaviour:
    """Subclass it in a module that has a fixture `url`: that of an empty database."""

    async def test_a_restart_goes_on_from_the_stored_offsets(self, url: str) -> None:
        """Revisions and offsets come back together; what is read again is kept once and not delivered again."""
        async with opened(url) as archive:
            assert archive.position == {0: 0, 1: 0}
            await archive.append([revision(1, offset=3)], {0: 5})
        async with opened(url) as archive:
            assert archive.position == {0: 5, 1: 0}
            again = await archive.append([revision(1, offset=3), revision(2, offset=7)], {0: 8})
            page = await archive.after({0: 0, 1: 0}, EVERYTHING, None, 10)

        assert places(again) == [(0, 7)]
        assert places(page.revisions) == [(0, 3), (0, 7)]
        assert (dict(page.position), page.next, page.whole) == ({0: 8, 1: 0}, None, True)

    async def test_a_record_that_comes_twice_in_a_batch_is_kept_once(self, url: str) -> None:
        """A broker that repeats itself changes nothing."""
        async with opened(url) as archive:
            kept = await archive.append([revision(1, offset=3), revision(1, offset=3)], {0: 4})
            assert places(kept) == [(0, 3)]
            assert await archive.append([revision(1, offset=3)], {0: 4}) == []

    async def test_a_partition_that_was_added_begins_at_its_beginning(self, url: str) -> None:
        """The others go on."""
        async with opened(url) as archive:
            await archive.append([revision(1, offset=3)], {0: 4})
        async with opened(url, partitions=(0, 1, 2)) as archive:
            assert (dict(archive.position), dict(archive.floor)) == ({0: 4, 1: 0, 2: 0}, {0: 0, 1: 0, 2: 0})

    async def test_the_archive_of_another_log_is_left_and_a_new_one_begun(self, url: str) -> None:
        """A topic made anew begins with nothing of the old one."""
        async with opened(url) as archive:
            await archive.append([revision(1, offset=3)], {0: 4})
        async with opened(url, "another") as archive:
            assert archive.position == {0: 0, 1: 0}
            assert places(await archive.append([revision(2, offset=1)], {0: 2})) == [(0, 1)]
            assert [held.entries for held in await archive.coverages()] == [1]

    async def test_a_failed_batch_leaves_nothing_behind(self, url: str) -> None:
        """Revisions without their offsets, or offsets without their revisions, there are none."""
        async with opened(url) as archive:
            whole = revision(2, offset=2)
            broken = Revision(0, 2, 0, None, 1, whole.value, whole.now)  # type: ignore[arg-type]
            for _ in range(2):
                with pytest.raises(ArchiveError, match=r"NOT NULL|null value"):
                    await archive.append([revision(1, offset=1), broken], {0: 3})
            assert (await archive.after({0: 0}, EVERYTHING, None, 10)).revisions == []
            assert archive.position == {0: 0, 1: 0}
            assert places(await archive.append([revision(1, offset=1)], {0: 3})) == [(0, 1)]

    async def test_one_killed_amid_its_writes_keeps_whole_batches(self, url: str) -> None:
        """By kill -9, several times: what the position covers is there, and nothing else."""
        for _ in range(3):
            process = await a_writer(url)
            begun = await has_written(process, 40)
            await kill(process)
            async with opened(url) as archive:
                end = archive.position[0]
                assert end >= begun + 40
                assert await drained(archive) == [(0, offset) for offset in range(end)]
                assert len(await found(archive, "update")) == min(50, end)

    async def test_a_gap_in_the_log_begins_the_history_anew(self, url: str) -> None:
        """What retention took before it was read is known to be missing, also after a restart."""
        async with opened(url) as archive:
            await archive.append([revision(1, offset=1)], {0: 2})
            await archive.restart({0: 50})
            await archive.append([revision(2, offset=50)], {0: 51})
        async with opened(url) as archive:
            assert (dict(archive.floor), dict(archive.position)) == ({0: 50, 1: 0}, {0: 51, 1: 0})
            assert await archive.since(0) == ({0: 50, 1: 0}, False)
            newest = await archive.latest({0: 99, 1: 99}, EVERYTHING, None, 10)
            assert [(await archive.after({0: offset, 1: 0}, EVERYTHING, None, 10)).whole for offset in (2, 49, 50)] == [
                False,
                False,
                True,
            ]

        assert places(newest.revisions) == [(0, 1), (0, 50)]

    async def test_since_is_the_first_offset_of_a_time(self, url: str) -> None:
        """In each partition on its own; a time to come is the end."""
        async with opened(url) as archive:
            await archive.append([revision(n, partition=n % 2, offset=n) for n in range(6)], {0: 5, 1: 6})

            assert await archive.since(2500) == ({0: 4, 1: 3}, True)
            assert await archive.since(99_000) == ({0: 5, 1: 6}, True)

    async def test_latest_leaves_out_what_the_log_still_brings(self, url: str) -> None:
        """An entry that was revised after the snapshot's position comes once, with what follows it."""
        async with opened(url) as archive:
            await archive.append([revision(1, offset=0), revision(2, offset=1)], {0: 2})
            until = dict(archive.position)
            await archive.append([revision(1, 2, offset=2)], {0: 3})

            newest = await archive.latest(until, EVERYTHING, None, 10)
            following = await archive.after(until, EVERYTHING, None, 10)

        assert places(newest.revisions) == [(0, 1)]
        assert places(following.revisions) == [(0, 2)]

    async def test_browsing_is_paged_newest_first(self, url: str) -> None:
        """Entries and revisions come in pages that neither overlap nor leave anything out."""
        async with opened(url) as archive:
            records = [revision(n, offset=n, urgency=1 if n % 3 else 5) for n in range(20)]
            records += [revision(4, v, offset=20 + v, urgency=1) for v in range(2, 6)]
            await archive.append(records, {0: 99})
            seen, place = [], None
            while True:
                page = await archive.entries(Filter(min_urgency=1), place, 3)
                seen += [each.entry_id for each in page.revisions]
                if (place := page.next) is None:
                    break
            some = await archive.revisions(an_entry(4).entry_id, None, 3)
            rest = await archive.revisions(an_entry(4).entry_id, some.next, 3)
            (held,) = await archive.coverages()

            newest = await archive.entries(EVERYTHING, None, 5)
            assert newest.next is not None
            from_there = await archive.latest({0: 99}, EVERYTHING, newest.next, 50)
            assert sorted(ids(*range(15, 20))) == sorted(each.entry_id for each in from_there.revisions)
            assert (await archive.revisions("no such entry", None, 3)).revisions == []

        assert seen == ids(*(n for n in reversed(range(20)) if n % 3))
        assert [each.revision for each in [*some.revisions, *rest.revisions]] == [5, 4, 3, 2, 1]
        assert (held.coverage_id, held.entries, held.changed_at, rest.next) == ("harbour-fire", 20, 25_000, None)

    async def test_what_was_taken_back_is_browsed_by_itself(self, url: str) -> None:
        """Retracted entries stand neither among the others nor in a snapshot; asked for, they come alone."""
        async with opened(url) as archive:
            await archive.append(
                [revision(1, offset=0), revision(2, offset=1), revision(1, 2, offset=2, **GONE)], {0: 3}
            )

            assert places((await archive.entries(EVERYTHING, None, 10)).revisions) == [(0, 1)]
            assert places((await archive.entries(EVERYTHING, None, 10, gone=True)).revisions) == [(0, 2)]
            assert places((await archive.latest({0: 3}, EVERYTHING, None, 10)).revisions) == [(0, 1)]
            assert await found(archive, "update") == ids(2)

    async def test_several_coverages_and_sources_are_told_apart(self, url: str) -> None:
        """Each with its entries, its newest time, and for a source the coverage in which it was heard last."""
        other = {"coverage_id": "election", "source_id": "gazette"}
        async with opened(url) as archive:
            await archive.append(
                [
                    revision(1, offset=0), revision(2, offset=1, **other), revision(3, offset=2, source_id="gazette"),
                    revision(2, 2, offset=3, **other),
                ],
                {0: 4},
            )  # fmt: skip
            both = Filter(coverages=frozenset({"election", "harbour-fire"}))
            held = {each.coverage_id: (each.entries, each.changed_at) for each in await archive.coverages()}
            heard = {each.source_id: each for each in await archive.sources()}
            one = await archive.coverage("election")

            assert places((await archive.after({0: 0, 1: 0}, both, None, 10)).revisions) == [(0, n) for n in range(4)]
            assert places((await archive.latest({0: 9}, both, None, 10)).revisions) == [(0, 0), (0, 3), (0, 2)]
            assert await archive.coverage("quiet") is None

        assert held == {"harbour-fire": (2, 2000), "election": (1, 3000)}
        assert one is not None
        assert one.entries == 1
        assert [(heard[name].coverage_id, heard[name].entries, heard[name].received_at) for name in sorted(heard)] == [
            ("harbour-fire", 1, 0), ("election", 2, 3000),
        ]  # fmt: skip

    async def test_a_page_of_large_revisions_ends_early(self, url: str) -> None:
        """What waits in memory for a slow reader is bounded by bytes, not only by a count; nothing is left out."""
        async with opened(url) as archive:
            await archive.append([revision(n, offset=n, body_text="x" * 60_000) for n in range(10)], {0: 10})
            pages: list[list[tuple[int, int]]] = []
            following, place = None, {0: 0}
            while not pages or following is not None:
                page = await archive.after(place, EVERYTHING, following, 200)
                pages.append(places(page.revisions))
                place, following = dict(page.position), page.next

        assert [len(page) for page in pages] == [3, 3, 3, 1]
        assert [place for page in pages for place in page] == [(0, n) for n in range(10)]

    async def test_figures_are_those_of_entries_that_ever_had_some(self, url: str) -> None:
        """All their revisions, in the order of the log."""
        async with opened(url) as archive:
            await archive.append(
                [revision(1, offset=0, figures=dead(3)), revision(2, offset=1), revision(1, 2, offset=2)], {0: 3}
            )

            assert places(await archive.figures("harbour-fire")) == [(0, 0), (0, 2)]
            assert await archive.figures("election") == []

    async def test_search_finds_words_phrases_and_beginnings(self, url: str) -> None:
        """Whatever their case, accents and script; no phrase goes from one field into the next."""
        async with opened(url) as archive:
            texts = [
                ("Fire at the quay", "Nobody was hurt."),
                ("Nobody is hurt", "The fire was seen from the hills; Müller, the mayor, spoke."),
                ("港の火災", "消防士が到着した"),
                ("e-mail from o'brien", "Nothing new: 3.14, example.com/a_b"),
            ]
            await archive.append(
                [revision(n, offset=n, headline=head, body_text=body) for n, (head, body) in enumerate(texts)], {0: 4}
            )
            asked = {
                "fire": [0, 1], "FIRE hurt": [0, 1], '"fire at the"': [0], '"fire hurt"': [], "hill*": [1],
                "muller": [1], "MÜLLER": [1], "火災": [2], "消防": [2], '"e mail"': [3], "brien": [3], "3.14": [3],
                "example.com": [3], '"quay nobody"': [], '"a b"': [3], "nowhere": [],
            }  # fmt: skip
            assert {query: sorted(await found(archive, query)) for query in asked} == {
                query: sorted(ids(*numbers)) for query, numbers in asked.items()
            }
            assert await found(archive, "fire") == ids(0, 1)
            assert await found(archive, "fire", Filter(coverages=frozenset({"election"}))) == []

    async def test_search_follows_edits_and_puts_the_headline_first(self, url: str) -> None:
        """What an entry said before is not found; a page goes on where the one before ended."""
        async with opened(url) as archive:
            told = [revision(n, offset=n, headline="Update", body_text="smoke over the town") for n in range(5)]
            told += [revision(0, 2, offset=5, headline="All clear", body_text="nothing"),
                     revision(5, offset=6, headline="Smoke", body_text="grey")]  # fmt: skip
            await archive.append(told, {0: 7})
            query = SearchQuery.read("smoke")
            first = await archive.search(query, EVERYTHING, SearchPlace(), 2)
            assert first.next is not None
            await archive.append([revision(9, offset=7, headline="Smoke")], {0: 8})
            rest = await archive.search(query, EVERYTHING, first.next, 10)

            hits = [*first.hits, *rest.hits]
            assert [hit.revision.entry_id for hit in hits] == ids(5, 4, 3, 2, 1)
            assert hits[0].score > hits[1].score > 0
            assert await found(archive, '"all clear"') == ids(0)

    async def test_texts_beyond_all_measure_are_kept(self, url: str) -> None:
        """A very long word, very many words, zero characters: the beginning is searched, and the log goes on."""
        long = "begin " + "y" * 5000 + " " + " ".join(f"word{n}x{n * 7}" for n in range(120_000)) + " nul\0inside"
        async with opened(url) as archive:
            kept = await archive.append([revision(1, offset=0, body_text=long), revision(2, offset=1)], {0: 2})
            assert places(kept) == [(0, 0), (0, 1)]
            assert await found(archive, "begin") == ids(1)
            assert await found(archive, "word5x35") == ids(1)

    @pytest.mark.parametrize(
        "odd", [{"first_published_at": "yesterday"}, {"first_published_at": 7}, {"authors": [1, None]},
                {"authors": None}]
    )  # fmt: skip
    async def test_a_record_of_another_program_does_not_hold_up_the_log(self, url: str, odd: dict[str, Any]) -> None:
        """It is archived as it stands; what can't be read of it is not indexed."""
        told = {**an_entry(1).to_dict(), **odd}
        async with opened(url) as archive:
            await archive.append([Revision(0, 0, 0, told["entry_id"], 1, orjson.dumps(told), Facets.of(told))], {0: 1})

            assert archive.position == {0: 1, 1: 0}
            held = await archive.coverage("harbour-fire")
        assert held is not None
        assert held.entries == 1

    async def test_old_entries_are_forgotten_everywhere_and_revised_ones_whole(self, url: str) -> None:
        """In lists, revisions, search and figures; one that was revised since keeps its history."""
        async with opened(url) as archive:
            records = [(1, 1, 0), (2, 1, 1), (1, 2, 5), (3, 1, 6)]
            await archive.append([revision(n, v, offset=at, figures=dead(n)) for n, v, at in records], {0: 7})

            assert await archive.prune(5000) == 1
            assert await archive.prune(5000) == 0

            forgotten, kept = ids(2, 1)
            assert set(await found(archive, "update")) == set(ids(1, 3))
            assert [each.revision for each in (await archive.revisions(kept, None, 10)).revisions] == [2, 1]
            assert (await archive.revisions(forgotten, None, 10)).revisions == []
            assert forgotten not in {each.entry_id for each in await archive.figures("harbour-fire")}
            assert len((await archive.entries(EVERYTHING, None, 10)).revisions) == 2

    async def test_a_reader_from_before_is_told_and_the_start_stays(self, url: str) -> None:
        """The floor rises above what was forgotten, also after a restart; when the coverage began is still known."""
        async with opened(url) as archive:
            await archive.append([revision(n, offset=at) for n, at in ((1, 0), (2, 3), (3, 6))], {0: 7})
            (before,) = await archive.coverages()
            await archive.prune(5000)
            assert archive.floor == {0: 4, 1: 0}
            (after,) = await archive.coverages()
            assert (after.started_at, after.entries) == (before.started_at, 1)
            assert not (await archive.after({0: 0, 1: 0}, EVERYTHING, None, 10)).whole
        async with opened(url) as again:
            assert (dict(again.floor), dict(again.position)) == ({0: 4, 1: 0}, {0: 7, 1: 0})

    async def test_a_forgotten_entry_that_is_revised_comes_back(self, url: str) -> None:
        """As one whose earlier revisions this log no longer has; its number is not another entry's of before."""
        async with opened(url) as archive:
            await archive.append([revision(1, offset=0), revision(2, offset=1)], {0: 2})
            place = (await archive.entries(EVERYTHING, None, 1)).next
            await archive.prune(5000)
            (kept,) = await archive.append([revision(1, 2, offset=9)], {0: 10})

            assert kept.past is None
            assert await found(archive, "update") == ids(1)
            assert (await archive.entries(EVERYTHING, place, 10)).revisions == []

    async def test_many_are_forgotten_in_steps(self, url: str) -> None:
        """More than one transaction takes."""
        async with opened(url) as archive:
            await archive.append([revision(n, offset=n) for n in range(1200)], {0: 1200})

            assert await archive.prune(1_100_000) == 1100
            assert archive.floor == {0: 1100, 1: 0}
            assert len((await archive.entries(EVERYTHING, None, 200)).revisions) == 100

    @settings(max_examples=10, deadline=None, suppress_health_check=_SHARED)
    @given(REVISED, st.tuples(st.integers(0, 60), st.integers(0, 60)), st.integers(1, 7))
    def test_history_is_what_live_was(
        self,
        url: str,
        steps: list[tuple[int, int, str | None, bool, bool]],
        asked: tuple[int, int],
        size: int,
    ) -> None:
        """From any position, in pages of any size and under any filter: exactly what a live subscriber was sent."""
        asyncio.run(_history_is_live(url, f"log {uuid4()}", steps, asked, size))  # an archive of its own each time


async def _history_is_live(
    url: str,
    identity: str,
    steps: list[tuple[int, int, str | None, bool, bool]],
    asked: tuple[int, int],
    size: int,
) -> None:
    async with opened(url, identity) as archive:
        ends, versions = {0: 0, 1: 0}, dict.fromkeys(range(6), 0)
        live: list[Revision] = []
        for number, gap, word, duplicate, gone in steps:
            partition = number % 2
            ends[partition] += gap
            versions[number] += 1
            record = revision(
                number,
                versions[number],
                partition=partition,
                offset=ends[partition] - 1,
                headline=word,
                duplicate_of="another" if duplicate else None,
                status=Status.CANCELED if gone and versions[number] > 1 else Status.USABLE,
                coverage_id=f"c{partition}",
            )
            live += await archive.append([record], {partition: ends[partition]})
        position = dict(enumerate(asked))
        for wanted in (Filter(), Filter(words=frozenset({"fire"})), Filter(coverages=frozenset({"c1"}))):
            expected = [
                place
                for each in live
                if due(wanted, each) is not Due.NOT
                and (place := (each.partition, each.offset))[1] >= position[place[0]]
            ]
            seen, place, following = [], dict(position), None
            while True:
                page = await archive.after(place, wanted, following, size)
                seen += places(page.revisions)
                place.update(page.position)
                if (following := page.next) is None:
                    break
            assert seen == expected
            assert place == {p: max(position[p], ends[p]) for p in position}
