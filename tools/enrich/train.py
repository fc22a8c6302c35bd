"""Train the model of streams/enrich/entities, and measure it on what is kept aside.

    .venv/bin/python tools/enrich/train.py SHARED_DATA_FOLDER build/entities.crfsuite --silver build/silver.jsonl

Kept aside, by a hash of their texts: one sentence in five of each corpus. `--all` trains on everything, for the model
that is shipped; its scores are then of no meaning and not printed.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pycrfsuite
from labelled import Labelled, corpora

from streams.enrich.entities.beside import bodies, places_beside
from streams.enrich.entities.consistent import consistent
from streams.enrich.entities.features import features
from streams.enrich.entities.tag import prepared, spans_of
from streams.enrich.entities.tokens import tokens

REPEAT = {"live-blogs": 4, "live-blogs-other": 2, "re3d": 3, "crossner": 2, "wikigold": 1, "wnut": 1}
KEPT_OF_WNUT = 0.35
SWAPPED = 0.35
SMALL = 0.5
CAPITALS = 0.05


def train(texts: Sequence[Labelled], path: Path, *, rounds: int, l1: float, l2: float, least: int) -> None:
    """Write a model."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for labelled in texts:
        for rows, tags in sequences(labelled):
            trainer.append(rows, tags)
    trainer.select("lbfgs")
    trainer.set_params(
        {"c1": l1, "c2": l2, "max_iterations": rounds, "feature.minfreq": least, "feature.possible_transitions": True}
    )
    trainer.train(str(path))


def sequences(labelled: Labelled) -> Iterator[tuple[list[list[str]], list[str]]]:
    """Yield the stretches of a text as the model will see them, with their tags."""
    found = tokens(labelled.text)
    tags = ["O"] * len(found)
    for start, end, kind in labelled.spans:
        inside = [i for i, token in enumerate(found) if token.start < end and token.end > start]
        for place, i in enumerate(inside):
            tags[i] = "O" if kind is None else ("I-" if place else "B-") + kind
    open_to_doubt = [
        labelled.corpus == "re3d"
        and any(token.start < end and token.end > start for start, end, kind in labelled.spans if kind is None)
        for token in found
    ]
    text = prepared(found)
    for begin, end in text.stretches:
        if any(open_to_doubt[begin:end]):
            continue  # neither a name nor none: nothing to learn from
        yield features(text.words, text.runs, begin, end, text.names, text.case), tags[begin:end]


def varied(texts: Iterable[Labelled], rng: random.Random) -> Iterator[Labelled]:
    """Yield the texts, some of them again with other names, in small letters, or in capitals."""
    texts = list(texts)
    pool: dict[str, list[str]] = defaultdict(list)
    for each in texts:
        for start, end, kind in each.spans:
            if kind in {"person", "place"}:
                pool[kind].append(each.text[start:end])
    for each in texts:
        if each.corpus == "wnut" and rng.random() > KEPT_OF_WNUT:
            continue
        for _ in range(REPEAT.get(each.corpus, 1)):
            yield each
        if rng.random() < SWAPPED and each.spans:
            yield swapped(each, pool, rng)
        if rng.random() < SMALL and each.corpus != "wnut" and len(each.text.lower()) == len(each.text):
            yield Labelled(each.corpus, each.text.lower(), each.spans)
        if rng.random() < CAPITALS and len(each.text.upper()) == len(each.text):
            yield Labelled(each.corpus, each.text.upper(), each.spans)


def swapped(each: Labelled, pool: dict[str, list[str]], rng: random.Random) -> Labelled:
    """Return the text with other people and places in it, so that words around a name count more than the name."""
    text, spans, shift = each.text, [], 0
    for start, end, kind in sorted(each.spans, key=lambda span: span[0]):
        begin, until = start + shift, end + shift
        if kind in pool:
            name = rng.choice(pool[kind])
            if kind == "person" and " " not in text[begin:until]:
                name = name.split()[-1]
            text = text[:begin] + name + text[until:]
            shift += len(name) - (until - begin)
            until = begin + len(name)
        spans.append((begin, until, kind))
    return Labelled(each.corpus, text, tuple(spans))


def score(texts: Sequence[Labelled], tagger: pycrfsuite.Tagger) -> dict[str, tuple[int, int, int]]:
    """Return for each type: right, wrong, missed. A found name that touches a neutral one doesn't count."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for labelled in texts:
        wanted = {(s, e, k) for s, e, k in labelled.spans if k}
        neutral = [(s, e) for s, e, k in labelled.spans if not k]
        found = consistent(labelled.text, spans_of(labelled.text, tagger))
        found += places_beside(labelled.text, found)
        found += bodies(labelled.text, found)
        got = {(s, e, k) for s, e, k in found if k != "event"}
        got = {g for g in got if g in wanted or not any(g[0] < e and g[1] > s for s, e in neutral)}
        wanted = {w for w in wanted if w[2] != "event"}
        for kind in ("person", "place", "organisation"):
            right = {g for g in got & wanted if g[2] == kind}
            counts[kind][0] += len(right)
            counts[kind][1] += sum(g[2] == kind for g in got - wanted)
            counts[kind][2] += sum(w[2] == kind for w in wanted - got)
    return {kind: (a, b, c) for kind, (a, b, c) in counts.items()}


def report(aside: Sequence[Labelled], tagger: pycrfsuite.Tagger) -> None:
    """Print F1 by corpus and type, and the mean over the three that stand for live blogs."""
    means = defaultdict(list)
    for corpus in ("crossner", "re3d", "live-blogs", "wikigold", "live-blogs-other"):
        scores = score([each for each in aside if each.corpus == corpus], tagger)
        line = f"{corpus:18}"
        for kind in ("person", "place", "organisation"):
            right, wrong, missed = scores.get(kind, (0, 0, 0))
            f1 = 2 * right / max(1, 2 * right + wrong + missed)
            line += f"  {kind} {f1:.3f} ({right}/{wrong}/{missed})"
            if corpus in {"crossner", "re3d", "live-blogs"}:
                means[kind].append(f1)
        print(line)
    print("mean              ", "  ".join(f"{kind} {sum(f) / len(f):.3f}" for kind, f in means.items()))


def agreed(path: Path, tagger: pycrfsuite.Tagger, most: int) -> Iterator[Labelled]:
    """Yield the silver sentences of which the first model says exactly the same, those with names first."""
    count = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = [(s, e, k) for s, e, k in row["spans"]]
        trimmed = {_trim(row["text"], *span) for span in spans}
        if trimmed and trimmed == set(spans_of(row["text"], tagger)) and count < most:
            count += 1
            yield Labelled("silver", row["text"], tuple(sorted(trimmed)))
            if count % 2 and len(row["text"].lower()) == len(row["text"]):
                yield Labelled("silver", row["text"].lower(), tuple(sorted(trimmed)))


def _trim(text: str, start: int, end: int, kind: str) -> tuple[int, int, str]:
    if text[start : start + 4].lower() == "the ":
        start += 4
    if text[start:end].endswith(("'s", "\u2019s")):
        end -= 2
    return start, end, kind


def main() -> None:
    """Train twice: a first model, and one that also read what the first and spaCy agree on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--silver", type=Path)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=120)
    parser.add_argument("--l1", type=float, default=0.08)
    parser.add_argument("--l2", type=float, default=0.02)
    parser.add_argument("--least", type=int, default=1)
    parser.add_argument("--most-silver", type=int, default=2500)
    args = parser.parse_args()
    texts = corpora(args.data)
    kept = {(2 * args.fold) % 10, (2 * args.fold + 1) % 10}
    aside = [each for each in texts if each.half in kept]
    used = texts if args.all else [each for each in texts if each.half not in kept]
    knobs = {"rounds": args.rounds, "l1": args.l1, "l2": args.l2, "least": args.least}
    train(list(varied(used, random.Random(1))), args.model, **knobs)
    tagger = pycrfsuite.Tagger()
    tagger.open(str(args.model))
    if not args.all:
        report(aside, tagger)
    if args.silver:
        left_out = {each.text for each in aside}
        silver = [each for each in agreed(args.silver, tagger, args.most_silver) if each.text not in left_out]
        train([*varied(used, random.Random(1)), *silver], args.model, **knobs)
        tagger = pycrfsuite.Tagger()
        tagger.open(str(args.model))
        print(f"with {len(silver):,} silver sentences")
        if not args.all:
            report(aside, tagger)
    print(f"{args.model.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
