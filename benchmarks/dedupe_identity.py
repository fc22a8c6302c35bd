"""How often the identity of a post is decided rightly, by kind, over real posts and the truth files.

Each case is a small play of documents and the revisions that a reader would expect of it.
"""

import csv
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dedupe_pairs import DATA, Text, blogs, cut, light, number, typographic

from schemas import Coverage, Document, Source
from streams.dedupe import Memory
from streams.parse import parse

START = datetime(2024, 5, 1, 8, tzinfo=UTC)
Play = list[tuple[list[dict[str, Any]], bool]]
"""Documents: posts as JSON, and whether it is a snapshot."""
Expected = list[list[tuple[str, int]]]
"""For each document the changes and revisions, in order."""


def play(documents: Play, *, complete: bool = False, received: Sequence[int] = ()) -> Expected:
    """Return what the deduplication says to documents a minute apart, each a batch, with a restart in the middle."""
    memory, log = Memory(), []
    source = Source(id="post", complete=complete)
    told: Expected = []
    for number_, (posts, snapshot) in enumerate(documents):
        minute = received[number_] if received else number_
        document = Document(
            id=str(number_), source_id="post", coverage_id="c", received_at=START + timedelta(minutes=minute),
            content_type="application/vnd.liveline.post+json", body=json.dumps(posts).encode(),
        )  # fmt: skip
        draft = memory.draft()
        decisions = draft.decide(document, source, Coverage(id="c"), parse(document, source).posts, snapshot=snapshot)
        told.append([(str(d.change), d.revision) for d in decisions])
        log += draft.records()
        memory.apply(draft)
        if number_ == len(documents) // 2:
            memory = Memory()
            for key, value in log:
                memory.load(key, value)
    return told


def post(text: Text, **fields: Any) -> dict[str, Any]:
    """Return a post as a producer pushes it."""
    made = {"headline": text.headline, "body_text": text.body, **fields}
    return {name: value for name, value in made.items() if value}


def when(minute: int) -> str:
    """Return a time that many minutes after the start."""
    return (START + timedelta(minutes=minute)).isoformat()


Case = tuple[str, bool]


def cases(each: int, seed: int) -> Iterator[Case]:
    """Yield the kind of each case and whether it was decided rightly."""
    dice = random.Random(seed)
    real = {name: posts for name, posts in blogs().items() if len(posts) > 12 and not name.startswith("20")}
    names = sorted(real)
    for _ in range(each):
        posts = dice.sample(real[dice.choice(names)], 8)
        text, other = posts[0], posts[1]
        timed = dice.random() < 0.5
        base = {"id": "p1", "published_at": when(0), **({"updated_at": when(0)} if timed else {})}
        first = post(text, **base)
        rest = [post(t, id=f"q{i}", published_at=when(i)) for i, t in enumerate(posts[2:])]
        created = [("created", 1)] * len(rest)
        yield "same", play([([first, *rest], True), ([*rest, first], True), ([first], False)]) == [
            [("created", 1), *created], [], []]  # fmt: skip
        cosmetic = typographic(text, dice, posts)
        again = {**post(cosmetic, **base), "published_at": when(0).replace("+00:00", "Z"),
                 **({"updated_at": when(5)} if timed else {})}  # fmt: skip
        yield "cosmetic", play([([first], False), ([again], False)]) == [[("created", 1)], []]
        edited = dice.choice([light, cut, number])(text, dice, posts) or Text(text.headline, other.body, "")
        if edited.body != text.body:
            second = post(edited, **{**base, **({"updated_at": when(1)} if timed else {})})
            yield "edit", play([([first], False), ([second], False)]) == [[("created", 1)], [("updated", 2)]]
            stamped = [post(text, **{**base, "updated_at": when(1)}), post(edited, **{**base, "updated_at": when(4)})]
            older = [([stamped[1]], False), ([stamped[0]], False), ([stamped[1]], False)]
            yield "older", play(older) == [[("created", 1)], [], []]
            days = [([first], False), ([second], False), (rest, True)]
            yield "replay", play([*days, *days], received=[0, 1, 2, 0, 1, 2]) == [
                [("created", 1)], [("updated", 2)], created, [], [], []]  # fmt: skip
        gone = {"id": "p1", "status": dice.choice(["canceled", "withheld"]),
                **({"updated_at": when(3)} if timed else {})}  # fmt: skip
        back = {**first, **({"updated_at": when(4)} if timed else {})}
        if dice.random() < 0.5:
            yield "gone and back", play([([first], False), ([gone], False), ([gone], False), ([back], False)]) == [
                [("created", 1)], [("retracted", 2)], [], [("restored", 3)]]  # fmt: skip
        else:
            gone["status"] = "canceled"
            later = {**first, "updated_at": when(60)}
            yield (
                "gone and back",
                play([([gone], False), ([first], False), ([later], False)]) == [[], [], [("created", 1)]],
            )
        yield from without_id(text, posts, dice)
        page = [post(t, id=f"s{i}", published_at=when(i)) for i, t in enumerate(posts)]
        missing = [(page, True), (page[1:], True), (page[1:], True), (page, True)]
        new = [("created", 1)] * len(page)
        yield "snapshot", play(missing, complete=True) == [new, [], [("retracted", 2)], [("restored", 3)]]
        yield "snapshot", play(missing, complete=False) == [new, [], [], []]
        yield "snapshot", play([(page, True), (page[1:], True), (page, True), (page[1:], True)], complete=True) == [
            new, [], [], []]  # fmt: skip


def without_id(text: Text, posts: list[Text], dice: random.Random) -> Iterator[Case]:
    """Yield edits of a post without an id, in pages and in single pushes."""
    edits: list[Callable[[], dict[str, Any] | None]] = [
        lambda: _edit(light(text, dice, posts), 0),
        lambda: _edit(cut(text, dice, posts), 0),
        lambda: post(Text(text.headline, text.body, ""), published_at=when(7)) if len(text.body) > 60 else None,
        lambda: post(Text((text.headline or "Live") + " - update", text.body, ""), published_at=when(0)),
        lambda: _edit(number(text, dice, posts), 0),
    ]
    second = dice.choice(edits)()
    first = post(text, published_at=when(0))
    rest = [post(t, published_at=when(i)) for i, t in enumerate(posts[2:], 20)]
    snapshot = dice.random() < 0.5
    if second and second != first:
        edited = ([second, *rest], snapshot)
        yield "without id", play([([first, *rest], snapshot), edited, edited]) == [
            [("created", 1)] * (1 + len(rest)), [("updated", 2)], []]  # fmt: skip
    other = post(posts[1], published_at=when(0))
    if posts[1].body != text.body:
        if dice.random() < 0.5:
            found = play([([first], False), ([other], False), ([first], False)])
        else:
            found = play([([first], True), ([other, first], True), ([first, other], True)])
        yield "same minute", found == [[("created", 1)], [("created", 1)], []]


def truth() -> Iterator[Case]:
    """Yield the cross-posts of the truth file: the same id in several blogs."""
    by_file: dict[str, dict[str, dict[str, Any]]] = {}
    for path in (DATA / "liveblogsum-json/bbc-crossposts").glob("*.json"):
        by_file[path.name] = {d["block_id"]: d for d in json.loads(path.read_text())["documents"]}
    with (DATA / "dedupe/bbc-crosspost-truth.dev.csv").open() as rows:
        for row in csv.DictReader(rows):
            found = [by_file[file][row["block_id"]] for file in row["files"].split("|")
                     if row["block_id"] in by_file.get(file, {})][:2]  # fmt: skip
            if len(found) < 2:
                continue
            texts = [Text(d["title"] or "", " ".join(d["text"]), "") for d in found]
            if not texts[0].body and not texts[0].headline:
                continue
            times = [_clock(d["time"]) for d in found]
            for with_id in (True, False):
                posts = [post(t, published_at=at, **({"id": row["block_id"]} if with_id else {}))
                         for t, at in zip(texts, times, strict=True)]  # fmt: skip
                same = [(re.sub(r"\s", "", t.headline), re.sub(r"\s", "", t.body)) for t in texts]
                expected = [] if same[0] == same[1] and times[0] == times[1] else [("updated", 2)]
                told = play([([posts[0]], False), ([posts[1]], False)])
                kind = f"truth {row['relation']}{'' if with_id else ', no id'}"
                yield kind, told == [[("created", 1)], expected]


def _clock(time: Any) -> str:
    if isinstance(time, list):
        return datetime(*time, tzinfo=UTC).isoformat()
    hour, minute = (int(part) for part in time.split(":"))
    return START.replace(hour=hour, minute=minute).isoformat()


def _edit(text: Text | None, minute: int) -> dict[str, Any] | None:
    return post(text, published_at=when(minute)) if text else None


def main() -> None:
    """Print the share of right decisions by kind."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for kind, right in [*cases(150, 7), *truth()]:
        counts[kind][0] += 1
        counts[kind][1] += right
    for kind, (total, right) in counts.items():
        print(f"{kind:42} {total:5} {right / total:8.2%}")
    shares = [right / total for total, right in counts.values()]
    print(
        f"{'mean over the kinds':42} {sum(t for t, _ in counts.values()):5} {sum(shares) / len(shares):8.2%}, "
        f"least {min(shares):.2%}"
    )


if __name__ == "__main__":
    main()
