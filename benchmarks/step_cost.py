"""What the pure step costs a post, by stage, and a page that is polled again; by processor time, without Kafka.

    python benchmarks/step_cost.py [--posts 2700] [--rounds 5] [--against TREE] [--data ../shared/data] [--json FOLDER]

`--against` names another checkout: the two take turns, round by round, each in processes of its own. The posts are
collected ones where the data are, else invented ones; `unknown` means that neither source nor post names a language.
Enrichment is measured elsewhere (benchmarks/enrichment.py): of the enrichers only the language's runs here. Each post's
figure is the least of the rounds; the table shows the median and the mean over the posts, in us.

A page is polled four times: first sight; with a comment at its end, so that every post is as before; with one word of
one post changed; as before. Each is the least of the rounds; a library's own part, which no parser can do without, is
the tree and the JSON-LD of the page.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / ".." / "shared" / "data"
STAGES = ("read", "parse", "decide", "make", "language", "write", "remember")
_NOW = datetime(2024, 5, 1, 18, tzinfo=UTC)
_WORD = re.compile(rb"(?<=[a-z] )[a-z]{6,12}(?= [a-z])")
_FEWEST_POSTS = 8
"""A page with fewer says little about a post of a page."""


def main() -> None:
    """Measure in turns, or be the process that measures."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--posts", type=int, default=2700)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--against", type=Path)
    arguments.add_argument("--data", type=Path, default=DATA)
    arguments.add_argument("--json", type=Path)
    arguments.add_argument("--only", choices=("posts", "pages"))
    arguments.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.once:
        print(json.dumps(measure(chosen)))
        return
    trees = [ROOT] if chosen.against is None else [chosen.against.resolve(), ROOT]
    rounds: dict[Path, list[dict[str, Any]]] = {tree: [] for tree in trees}
    for number in range(chosen.rounds):
        for tree in trees if number % 2 else trees[::-1]:
            rounds[tree].append(in_tree(tree, chosen))
    figures = {tree: best(found) for tree, found in rounds.items()}
    show(trees, figures)
    if chosen.json:
        chosen.json.mkdir(parents=True, exist_ok=True)
        (chosen.json / "step-cost.json").write_text(json.dumps([figures[tree] for tree in trees], indent=1))


def in_tree(tree: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """Return one round of a checkout's code, measured in a process of its own."""
    command = [
        sys.executable, "-P", str(Path(__file__).resolve()), "--once", "--posts", str(chosen.posts),
        "--data", str(chosen.data), *(("--only", chosen.only) if chosen.only else ()),
    ]  # fmt: skip
    # Its own invented documents too: what they share with other benchmarks puts its own checkout first on the path.
    path = os.pathsep.join((str(tree), str(tree / "benchmarks"), str(tree / "tests")))
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def best(rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the least of the rounds: by post and stage, by page and poll."""
    posts: dict[str, dict[str, list[float]]] = {}
    for name in rounds[0]["posts"]:
        by_stage = {stage: [each["posts"][name][stage] for each in rounds] for stage in rounds[0]["posts"][name]}
        posts[name] = {stage: [min(taken) for taken in zip(*each, strict=True)] for stage, each in by_stage.items()}
    pages: dict[str, dict[str, float]] = {}
    for name, polls in rounds[0]["pages"].items():
        pages[name] = {poll: min(each["pages"][name][poll] for each in rounds) for poll in polls}
    return {"posts": posts, "pages": pages}


def show(trees: Sequence[Path], figures: dict[Path, dict[str, Any]]) -> None:
    """Print a table for the posts and one for the pages, the other checkout first."""
    titles = ["before", "after"] if len(trees) > 1 else ["us"]
    for name in figures[trees[0]]["posts"]:
        print(f"\n{name}, us a post:  " + "  ".join(f"median {title}   mean {title}" for title in titles))
        for stage in (*STAGES, "all", "all but language"):
            cells = []
            for tree in trees:
                found = _of_stage(figures[tree]["posts"][name], stage)
                cells.append(f"{statistics.median(found):>13.0f} {statistics.fmean(found):>11.0f}")
            print(f"  {stage:<18}" + "   ".join(cells))
    print("\npages, ms; again: us a post; edit: of the first parse;  " + " | ".join(titles))
    for name in figures[trees[0]]["pages"]:
        cells = []
        for tree in trees:
            page = figures[tree]["pages"][name]
            cells.append(
                f"first {page['first'] / 1e3:7.1f}  again {page['again'] / page['posts']:6.0f}  edit"
                f" {page['edited'] / page['first']:5.2f}  added {page['added'] / page['first']:5.2f}"
                f"  library {page['library'] / page['posts']:5.0f}"
            )
        print(f"  {name:<44} {int(figures[trees[0]]['pages'][name]['posts']):>4} posts  " + " | ".join(cells))


def _of_stage(found: dict[str, list[float]], stage: str) -> list[float]:
    if stage in found:
        return found[stage]
    left_out = () if stage == "all" else ("language",)
    return [sum(figures) for figures in zip(*(found[each] for each in STAGES if each not in left_out), strict=True)]


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return one round, in this process: it runs the code of whatever checkout comes first on the path."""
    import documents  # noqa: PLC0415  (only this process needs the code, and maybe another checkout's)

    real = chosen.data.is_dir()
    found: dict[str, Any] = {"posts": {}, "pages": {}}
    if chosen.only != "pages":
        given = list(documents.real_posts(chosen.posts) if real else documents.posts(chosen.posts))
        found["posts"]["real posts, language unknown" if real else "invented posts, language unknown"] = Watched().run(
            [_without_language(document) for document in given]
        )
        if real:
            invented = list(documents.posts(chosen.posts // 3))
            found["posts"]["invented posts, language unknown"] = Watched().run(invented)
    if chosen.only != "posts":
        found["pages"] = pages(chosen.data if real else ROOT / "tests" / "samples")
    return found


def _without_language(document: Any) -> Any:
    body = document.body.replace(b',"language":"en"', b"")
    return document.model_copy(update={"body": body})


class Watched:
    """The pure step with the time of each stage taken."""

    def __init__(self) -> None:
        from schemas.envelope import document_headers, entry_headers, read_document  # noqa: PLC0415
        from streams import pipeline  # noqa: PLC0415
        from streams.dedupe import Draft, Memory  # noqa: PLC0415
        from streams.enrich import registry  # noqa: PLC0415

        self._document_headers, self._entry_headers, self._read = document_headers, entry_headers, read_document
        self._memory, self._took = Memory(), dict.fromkeys(STAGES, 0.0)
        language = tuple(each for each in registry.enrichers() if each.name == "language")
        self._parse, self._decide = pipeline.parse, Draft.decide
        pipeline.parse = self._timed("parse", self._parse)
        Draft.decide = self._timed("decide", self._decide)  # type: ignore[method-assign]
        enrich = registry.enrich
        pipeline.enrich = self._timed("language", lambda entry, coverage, **_: enrich(entry, coverage, language))
        self._pipeline = pipeline.Pipeline()
        self._restore: Callable[[], None] = lambda: (
            setattr(pipeline, "parse", self._parse), setattr(Draft, "decide", self._decide),
            setattr(pipeline, "enrich", enrich),
        )  # fmt: skip

    def _timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return work(*given, **named)
            finally:
                self._took[stage] += time.process_time() - began

        return run

    def run(self, documents: Sequence[Any]) -> dict[str, list[float]]:
        """Return the us of each stage of each document."""
        figures: dict[str, list[float]] = defaultdict(list)
        self._pipeline.warm_up()
        for document in documents:
            headers, value = self._document_headers(document), document.body
            self._took.update(dict.fromkeys(STAGES, 0.0))
            began = time.process_time()
            read = self._read(headers, value, document.received_at)
            self._took["read"] = time.process_time() - began
            draft = self._memory.draft()
            began = time.process_time()
            outcome = self._pipeline.run([(read, None)], draft, _NOW)
            whole = time.process_time() - began
            self._took["make"] = whole - self._took["parse"] - self._took["decide"] - self._took["language"]
            began = time.process_time()
            for entry in outcome.entries:
                entry.to_json()
                self._entry_headers(entry)
            self._took["write"] = time.process_time() - began
            began = time.process_time()
            list(draft.records())
            self._memory.apply(draft)
            self._took["remember"] = time.process_time() - began
            for stage in STAGES:
                figures[stage].append(self._took[stage] * 1e6)
        self._restore()
        return dict(figures)


def pages(data: Path) -> dict[str, dict[str, float]]:
    """Return what the polls of each page cost, in us, and its number of posts."""
    from documents import START, page, stories  # noqa: PLC0415

    found = {}
    for path in sorted(data.rglob("*.html")) + sorted(data.glob("guardian-dcr/live-*.json")):
        kind = "text/html" if path.suffix == ".html" else "application/json"
        body = path.read_bytes()
        words = list(_WORD.finditer(body))
        word = words[len(words) // 2] if words else None
        if word is not None:
            edited = body[: word.start()] + b"changed" + body[word.end() :]
            _add(found, path.name, body, edited, edited, kind)
    for shown in (50, 400):
        (story,) = stories(1, 7)
        for number in range(shown + 1):
            story.post(START - timedelta(minutes=2 * shown - number))
        newest = story.told.pop()
        body = page(story, shown)
        place = len(story.told) - shown // 2
        kept = story.told[place]
        story.told[place] = {**kept, "body_html": kept["body_html"].replace("</p>", " changed</p>", 1)}
        edited = page(story, shown)
        story.told[place] = kept
        story.told.append(newest)
        _add(found, f"invented page of {shown}", body, edited, page(story, shown), "text/html")
    return found


def _add(found: dict[str, dict[str, float]], name: str, body: bytes, edited: bytes, added: bytes, kind: str) -> None:
    from schemas import Document  # noqa: PLC0415
    from streams.dedupe import Memory  # noqa: PLC0415
    from streams.pipeline import Pipeline  # noqa: PLC0415

    memory, pipeline = Memory(), Pipeline()
    pipeline.warm_up()
    tail = b"<!-- %d -->" if kind == "text/html" else b"  "
    figures = {}
    polls = (("first", body), ("again", body + tail), ("edited", edited), ("back", body), ("added", added))
    for number, (poll, content) in enumerate(polls):
        document = Document(
            id=f"{name}-{number}", source_id="page", coverage_id="page", received_at=_NOW + timedelta(minutes=number),
            content_type=kind, body=content,
        )  # fmt: skip
        draft = memory.draft()
        began = time.process_time()
        outcome = pipeline.run([(document, None)], draft, _NOW)
        figures[poll] = (time.process_time() - began) * 1e6
        memory.apply(draft)
        if poll == "first":
            count = len(outcome.entries)
            if count < _FEWEST_POSTS:
                return
    began = time.process_time()
    library(body, kind)
    found[name] = {**figures, "library": (time.process_time() - began) * 1e6, "posts": count}


def library(body: bytes, kind: str) -> None:
    """Do what every reader of such a page must: its tree, and the JSON in it."""
    import orjson  # noqa: PLC0415
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

    if kind != "text/html":
        orjson.loads(body)
        return
    for script in LexborHTMLParser(body.decode(errors="replace")).css('script[type*="ld+json"]'):
        try:
            orjson.loads(script.text() or "")
        except orjson.JSONDecodeError:
            continue


if __name__ == "__main__":
    main()
