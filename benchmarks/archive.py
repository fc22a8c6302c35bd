"""What the archive costs by processor time: writes of many and of one, pages, the state, search.

python benchmarks/archive.py                               a SQLite file in a temporary folder
python benchmarks/archive.py postgresql://liveline@/empty  a PostgreSQL; the server's own time is not in it
"""

import asyncio
import gc
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

import structlog

from schemas import Change, Entry, Status
from streams.archive import Archive, Revision, open_archive
from streams.archive.facets import Facets
from streams.archive.search import SearchPlace, SearchQuery
from streams.gateway.delivery.filters import Filter

REVISIONS = 6_000
BATCH = 500
SINGLE = 300
PAGE = 200
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
WORDS = (
    "fire",
    "quay",
    "harbour",
    "smoke",
    "police",
    "people",
    "minister",
    "today",
    "evening",
    "water",
    "boat",
    "crew",
)
QUERIES = ("fire quay", "minist*", '"smoke police"', "boat77")
EVERYTHING = Filter()
SOME = Filter(coverages=frozenset({"c1", "c2"}))


def revisions(count: int) -> list[Revision]:
    """Return revisions of 1.3 kB; every fifth is an edit."""
    chance = random.Random(3)
    newest: dict[int, int] = {}
    made = []
    for offset in range(count):
        number = offset if offset < 50 or chance.random() < 0.8 else chance.randrange(offset)
        newest[number] = newest.get(number, 0) + 1
        entry = Entry(
            entry_id=str(uuid5(NAMESPACE_URL, f"entry {number}")), revision=newest[number],
            change=Change.CREATED if newest[number] == 1 else Change.UPDATED, status=Status.USABLE,
            coverage_id=f"c{number % 5}", source_id="evening-post", published_at=NOON, first_published_at=NOON,
            received_at=NOON, processed_at=NOON, kind="post", headline=_text(chance, 8), body_text=_text(chance, 120),
        )  # fmt: skip
        told = entry.to_dict()
        made.append(
            Revision(0, offset, offset * 1000, entry.entry_id, entry.revision, entry.to_json(), Facets.of(told))
        )
    return made


def _text(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) + (str(chance.randrange(500)) if chance.random() < 0.3 else "")
                    for _ in range(count))  # fmt: skip


async def measured(what: str, count: int, work: Callable[[], Awaitable[None]]) -> None:
    """Do work and print what one piece of it took."""
    processor, clock = time.process_time(), time.perf_counter()
    await work()
    spent, passed = time.process_time() - processor, time.perf_counter() - clock
    print(f"{what:32} {spent / count * 1e6:10.0f} us of processor time {passed / count * 1e6:10.0f} us by the clock")


async def run(url: str, records: Sequence[Revision]) -> None:
    """Measure an archive that is empty."""
    archive = open_archive(url, structlog.get_logger())
    await archive.open("benchmark", (0, 1))

    async def append(start: int, stop: int, size: int) -> None:
        for at in range(start, stop, size):
            await archive.append(records[at : at + size], {0: at + size})

    async def search() -> None:
        for query in QUERIES * 20:
            await archive.search(SearchQuery.read(query), EVERYTHING, SearchPlace(), 50)

    async def browse() -> None:
        for _ in range(100):
            await archive.entries(EVERYTHING, None, 50)

    try:
        await measured(f"append {BATCH}, a record", REVISIONS, lambda: append(0, REVISIONS, BATCH))
        await measured("append 1", SINGLE, lambda: append(REVISIONS, REVISIONS + SINGLE, 1))
        pages = await _pages(archive)
        await measured("after, a page", pages, lambda: _drain(archive))
        await measured("latest, two coverages, all", 1, lambda: _latest(archive))
        await measured("search, a query", 20 * len(QUERIES), search)
        await measured("the newest 50 entries", 100, browse)
    finally:
        await archive.close()


async def _drain(archive: Archive) -> None:
    await _pages(archive)


async def _pages(archive: Archive) -> int:
    place, start, count = {0: 0, 1: 0}, None, 0
    while True:
        page = await archive.after(place, EVERYTHING, start, PAGE)
        place, start, count = dict(page.position), page.next, count + 1
        if start is None:
            return count


async def _latest(archive: Archive) -> None:
    start: int | None = 0
    while start is not None:
        start = (await archive.latest({0: 10**9}, SOME, start, PAGE)).next


def main() -> None:
    """Measure the archive at a URL, or a file."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    records = revisions(REVISIONS + SINGLE)
    gc.collect()
    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/archive.db", records))


if __name__ == "__main__":
    main()
