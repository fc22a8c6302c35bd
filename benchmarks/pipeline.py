"""What the pure pipeline costs a post, an unchanged post in a changed page, and an unchanged page; and where it goes.

python benchmarks/pipeline.py [--documents 3000] [--pages 150] [--rounds 3] [--json FOLDER]

Processor time, not the clock's: other processes on the machine count less. A yardstick (Python adding up 1,000 numbers)
runs between the rounds, so that figures of different machines and hours can be compared.
"""

import cProfile
import pstats
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from documents import pages, posts, real_posts
from harness import ROOT, WORK, Results, on_core, options

from schemas import Document
from schemas.newsroom import Coverage, Source
from streams.dedupe import Memory
from streams.dedupe.revision.fingerprint import fingerprint
from streams.enrich import enrich
from streams.parse import parse
from streams.pipeline import Pipeline

_NOW = datetime(2026, 3, 2, tzinfo=UTC)


def each(pipeline: Pipeline, memory: Memory, documents: Iterable[Document]) -> list[float]:
    """Return the microseconds of processor time of each document, in a batch of its own."""
    spent = []
    for document in documents:
        began = time.process_time_ns()
        draft = memory.draft()
        pipeline.run([(document, None)], draft, _NOW)
        spent.append((time.process_time_ns() - began) / 1000)
        memory.apply(draft)
    return spent


def a_round(results: Results, kinds: dict[str, Sequence[Document]], page_documents: Sequence[Document]) -> None:
    """Measure all, one after the other."""
    results.add("yardstick: sum(range(1000))", _best(lambda: sum(range(1000))))
    for name, documents in kinds.items():
        warm = len(documents) // 4
        memory = Memory()
        each(Pipeline(), memory, documents[:warm])
        spent = each(Pipeline(), memory, documents[warm:])
        results.add(f"{name}, median", statistics.median(spent))
        results.add(f"{name}, mean", statistics.mean(spent))
    memory = Memory()
    spent = each(Pipeline(), memory, page_documents)
    # The first page of a coverage is all news; from the second on one post in it is.
    changed = statistics.median(spent[len(spent) // 2 :])
    unchanged = statistics.median(each(Pipeline(), memory, [page_documents[-1]] * 9))
    results.add("page of 50, one new post", changed)
    results.add("page of 50, the same again", unchanged)
    results.add("an unchanged post of it", unchanged / 50)
    _parts(results, memory, page_documents[-1])


def _parts(results: Results, memory: Memory, page: Document) -> None:
    source, coverage = Source.model_construct(id=page.source_id), Coverage.model_construct(id=page.coverage_id)
    parsed = parse(page, source)
    results.add("  parsing it", _best(lambda: parse(page, source), 5) / 50)
    results.add(
        "  deciding that nothing is new",
        _best(lambda: memory.draft().decide(page, source, coverage, parsed.posts, snapshot=True), 5) / 50,
    )
    results.add("  of which its fingerprint", _best(lambda: [fingerprint(post) for post in parsed.posts], 5) / 50)
    results.add("the page's SHA-256", _best(lambda: sha256(page.body).digest()))


def _best(work: Callable[[], object], times: int = 50) -> float:
    """Return the median microseconds."""
    spent = []
    for _ in range(times):
        began = time.process_time_ns()
        work()
        spent.append((time.process_time_ns() - began) / 1000)
    return statistics.median(spent)


def profile(documents: Sequence[Document]) -> dict[str, float]:
    """Return the share of the time that each file takes, its own and that of what it calls outside our code."""
    pipeline, memory = Pipeline(), Memory()
    warm = len(documents) // 4
    each(pipeline, memory, documents[:warm])
    profiler = cProfile.Profile()
    profiler.enable()
    each(pipeline, memory, documents[warm:])
    profiler.disable()
    stats = pstats.Stats(profiler).stats  # type: ignore[attr-defined]  (typeshed leaves it out)
    total = sum(own for _, _, own, _, _ in stats.values())
    shares: dict[str, float] = defaultdict(float)
    for (file, _, name), (_, _, own, _, callers) in stats.items():
        here = _ours(file)
        if here:
            shares[here] += own
            continue
        # What libraries and built-ins take belongs to the file that called them, as far as one did.
        given = 0.0
        for (caller, _, _), (_, _, part, _) in callers.items():
            shares[_ours(caller) or _library(file, name)] += part
            given += part
        shares[_library(file, name)] += own - given
    return {name: share / total for name, share in sorted(shares.items(), key=lambda item: -item[1])}


def _ours(file: str) -> str | None:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) and ".venv" not in path.parts else None


def _library(file: str, name: str) -> str:
    parts = Path(file).parts
    return (
        parts[parts.index("site-packages") + 1]
        if "site-packages" in parts
        else Path(file).name
        if file != "~"
        else name
    )


def main() -> None:
    """Measure, then profile."""
    chosen = options(__doc__, documents=3000, pages=150)
    results = Results("pipeline", "microseconds of processor time")
    with on_core(WORK):
        kinds = {"invented post": list(posts(chosen.documents)), "real post": list(real_posts(chosen.documents))}
        kinds = {name: documents for name, documents in kinds.items() if documents}
        page_documents = list(pages(chosen.pages, coverages=10))
        enrich_now(kinds["invented post"][0])
        for _ in range(chosen.rounds):
            a_round(results, kinds, page_documents)
        shares = {name: profile(documents[:1500]) for name, documents in kinds.items()}
        shares["pages"] = profile(page_documents)
    results.print({"us": lambda name: f"{results.median(name):,.1f}"})
    for name, found in shares.items():
        print(f"\nwhere the time of {name} goes (profiled)")
        for file, share in list(found.items())[:14]:
            print(f"  {share:6.1%}  {file}")
    results.write(chosen.json, profile=shares)


def enrich_now(document: Document) -> None:
    """Load what is loaded at first use."""
    _ = enrich
    each(Pipeline(), Memory(), [document])


if __name__ == "__main__":
    main()
