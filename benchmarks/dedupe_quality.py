"""Recall and false merges of the near-duplicate decision over the development pairs, by kind."""

import argparse
from collections import defaultdict

import numpy as np
from dedupe_pairs import FACTS, Pair, Text, pairs

from schemas import Post
from streams.dedupe.same_news.minhash import unpack_keys
from streams.dedupe.same_news.similarity import ComparedText, Verdict, compare, compared_text
from streams.dedupe.thresholds import Thresholds


def tell(text: Text) -> ComparedText:
    """Return what the decision sees of a post."""
    return compared_text(Post(headline=text.headline or None, body_text=text.body))


def decide(pair: Pair, thresholds: Thresholds) -> tuple[Verdict, bool]:
    """Return the verdict and whether the index would have brought the two together."""
    a, b = tell(pair.a), tell(pair.b)
    met = bool(np.intersect1d(unpack_keys(a.signature), unpack_keys(b.signature)).size)
    return compare(a, b, thresholds), met


def main() -> None:
    """Print a table by kind, and the pairs that went wrong when asked."""
    options = argparse.ArgumentParser()
    options.add_argument("--each", type=int, default=300)
    options.add_argument("--seed", type=int, default=20261123)
    options.add_argument("--show", default="", help="a kind whose wrong pairs are shown")
    options.add_argument("--limit", type=int, default=8)
    chosen = options.parse_args()
    counts: dict[tuple[bool, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for pair in pairs(chosen.each, chosen.seed):
        verdict, met = decide(pair, Thresholds())
        count = counts[pair.same, pair.kind]
        count[0] += 1
        count[1] += verdict.same and met
        count[2] += met
        if pair.kind == chosen.show and (verdict.same and met) != pair.same and chosen.limit > 0:
            chosen.limit -= 1
            print(
                f"--- {verdict} met={met}\nA: {pair.a.headline} | {pair.a.body[:700]}\n"
                f"B: {pair.b.headline} | {pair.b.body[:700]}"
            )
    for (same, kind), (total, merged, met) in counts.items():
        print(
            f"{'same ' if same else 'other'} {kind:14} {total:5}  merged {merged / total:7.2%}  met {met / total:7.2%}"
        )
    for what, chosen_kinds in (("recall", lambda k: k[0] and k[1] not in FACTS), ("recall, a fact more or less",
                               lambda k: k[1] in FACTS), ("false merges", lambda k: not k[0])):  # fmt: skip
        total = sum(c[0] for k, c in counts.items() if chosen_kinds(k))
        print(f"{what}: {sum(c[1] for k, c in counts.items() if chosen_kinds(k)) / total:.2%} of {total}")


if __name__ == "__main__":
    main()
