"""What a poll costs, in CPU time: of a page seen first, one with an edited post, and one that has not changed.

The publisher is a process of its own, so that what is counted is ours alone: reading, hashing, parsing, deciding.
"""

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry
from structlog import get_logger

from schemas import Coverage, Document, Newsroom, Source
from streams.dedupe import Memory
from streams.ingest.polling.fetch import Fetcher, FetchOptions
from streams.ingest.polling.hosts import Hosts
from streams.ingest.polling.outbox import Outbox
from streams.ingest.polling.poll_metrics import PollMetrics
from streams.ingest.polling.poller import Poller
from streams.ingest.producer import Stored
from streams.ingest.websub.unsubscribed import Unsubscribed
from streams.parse import parse
from streams.pipeline import Pipeline

POSTS = 300
START = datetime(2024, 5, 1, 8, tzinfo=UTC)
SOURCE = Source(id="evening-post", url="http://127.0.0.1/")
COVERAGE = Coverage(id="fire", sources=(SOURCE,))
VOCABULARY = """harbour smoke quay engine crew ferry bridge warehouse crane roof wind water police road closed open said
mayor officer resident school shelter boat tug pump hose foam night morning noon statement watch second third injured
safe traffic station train bus street market north south east west river tide signal alarm caller report photograph"""
WORDS = VOCABULARY.split()

SERVER = """
import asyncio, sys
from aiohttp import web
body = open(sys.argv[1], "rb").read()
async def page(request):
    if request.path == "/etag" and request.headers.get("If-None-Match") == '"v1"':
        return web.Response(status=304, headers={"ETag": '"v1"'})
    headers = {"ETag": '"v1"'} if request.path == "/etag" else {}
    return web.Response(body=body, content_type="text/html", headers=headers)
async def main():
    app = web.Application()
    app.router.add_get("/{path}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


def page(edited: int = 0) -> bytes:
    """Return a live page of invented posts, the newest first; `edited` of them tell more than they did."""
    words = random.Random(7)
    updates = []
    for number in range(POSTS):
        text = " ".join(words.choices(WORDS, k=80)).capitalize() + "."
        at = (START + timedelta(minutes=number)).isoformat()
        updates.append(
            {
                "@type": "BlogPosting",
                "@id": f"post-{number}",
                "headline": " ".join(words.choices(WORDS, k=8)).capitalize(),
                "datePublished": at,
                "dateModified": at,
                "articleBody": text + (" More crews arrive." if number < edited else ""),
                "url": f"https://news.example/live/fire#post-{number}",
            }
        )
    blog = {"@context": "https://schema.org", "@type": "LiveBlogPosting", "liveBlogUpdate": updates[::-1]}
    markup = "".join(f"<article><h2>{u['headline']}</h2><p>{u['articleBody']}</p></article>" for u in updates[::-1])
    script = f'<script type="application/ld+json">{json.dumps(blog)}</script>'
    return f"<!doctype html><html><head>{script}</head><body>{markup}</body></html>".encode()


def document(body: bytes, minutes: int) -> Document:
    """Return a page as a document."""
    return Document(
        id=str(minutes), source_id=SOURCE.id, coverage_id=COVERAGE.id, received_at=START + timedelta(minutes=minutes),
        content_type="text/html", body=body, url="https://news.example/live/fire",
    )  # fmt: skip


def check(found: int, expected: int) -> None:
    """Stop where what is measured is not what it is called."""
    if found != expected:
        raise SystemExit(f"found {found}, expected {expected}")


def cpu(work: Callable[[], object], times: int = 7) -> float:
    """Return the median CPU time of some work, in microseconds."""
    found = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append((time.process_time() - began) * 1e6)
    return statistics.median(found)


async def cpu_of_polls(poll: Callable[[], Awaitable[object]], times: int = 400) -> float:
    """Return the mean CPU time of a poll, in microseconds."""
    for _ in range(20):
        await poll()
    began = time.process_time()
    for _ in range(times):
        await poll()
    return (time.process_time() - began) * 1e6 / times


async def polls(body: bytes) -> tuple[float, float]:
    """Return what a poll costs that is answered with 304, and one whose body is the last one's."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVER, file.name, stdout=asyncio.subprocess.PIPE
        )
        try:
            port = int(await server.stdout.readline()) if server.stdout else 0
            return await _cpu_at(port, "etag"), await _cpu_at(port, "plain")
        finally:
            server.kill()
            await server.wait()


async def _cpu_at(port: int, path: str) -> float:
    pushed: list[Document] = []

    async def send(found: Document) -> Stored:
        pushed.append(found)
        return Stored(0, 0)

    options = FetchOptions("Liveline/benchmark", 8 * 1024 * 1024, internal=True)
    async with Fetcher(options, Hosts(gap=0)) as fetcher:
        poller = Poller(
            url=f"http://127.0.0.1:{port}/{path}",
            every=15,
            outbox=Outbox(SOURCE, COVERAGE.id, send, lambda: START),
            fetcher=fetcher,
            hubs=Unsubscribed("", get_logger()),
            metrics=PollMetrics(CollectorRegistry()),
            clock=lambda: START,
            log=get_logger(),
        )
        found = await cpu_of_polls(poller.poll)
    check(len(pushed), 1)
    return found


def main() -> None:
    """Measure and print."""
    first, changed = document(page(), POSTS), document(page(edited=1), POSTS + 1)
    pipeline = Pipeline(Newsroom(coverages=(COVERAGE,)))
    known = Memory()
    draft = known.draft()
    check(len(pipeline.run([(first, None)], draft, START).entries), POSTS)
    known.apply(draft)
    draft = known.draft()
    check(len(pipeline.run([(changed, None)], draft, START).entries), 1)

    seen_first = cpu(lambda: pipeline.run([(first, None)], Memory().draft(), START))
    with_an_edit = cpu(lambda: pipeline.run([(changed, None)], known.draft(), START))
    parsing = cpu(lambda: parse(first, SOURCE))
    not_modified, same_body = asyncio.run(polls(first.body))

    rows = [
        ("page seen first: parse, decide, enrich", seen_first),
        ("page with 1 edited post", with_an_edit),
        ("  of it: parsing", parsing),
        ("  of it: deciding, a post that is unchanged", (with_an_edit - parsing) / POSTS),
        ("unchanged page, poll answered with the same body", same_body),
        ("unchanged page, poll answered with 304", not_modified),
    ]
    print(f"{POSTS} posts, {len(first.body) / 1000:,.0f} kB of HTML; CPU time, us")
    for name, cost in rows:
        print(f"{name:<52}{cost:>12,.1f}   1/{seen_first / max(cost, 0.01):,.1f} of the first")
    a_new_post = (seen_first - parsing) / POSTS
    print(f"{'a post seen first: decide and enrich':<52}{a_new_post:>12,.1f}")


if __name__ == "__main__":
    main()
