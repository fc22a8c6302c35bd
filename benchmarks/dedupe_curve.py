"""Precision and recall of the near-duplicate decision as its thresholds move, drawn as a picture for the docs.

The development pairs of `dedupe_pairs.py`; with and without the facts' veto, and three peers that go by likeness
alone: datasketch's MinHash LSH at 0.5, rapidfuzz's `token_set_ratio` at 90, a 64-bit simhash within 6 bits.
"""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import numpy as np
from datasketch import MinHash, MinHashLSH
from dedupe_pairs import Pair, Text, pairs
from dedupe_quality import tell
from rapidfuzz import fuzz

from streams.dedupe.same_news.facts import contradiction
from streams.dedupe.same_news.minhash import unpack_keys
from streams.dedupe.same_news.similarity import ComparedText, _contained, _reworded
from streams.dedupe.thresholds import Thresholds

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "deduplication-curve.svg"
SHIFTS = (-0.4, -0.3, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
Point = tuple[float, float, float]
"""Recall, precision, share of other pairs that are merged."""


def shifted(by: float) -> Thresholds:
    """Return the thresholds, all moved the same way."""
    base = Thresholds()
    names = ("enough_short", "enough_middle", "enough_long", "enough_inside", "lead_alike")
    return replace(base, **{name: min(1.0, getattr(base, name) + by) for name in names})


def alike(a: ComparedText, b: ComparedText, thresholds: Thresholds) -> bool:
    """Return whether the words alone are alike enough."""
    if _contained(a.whole, b.whole, thresholds)[1]:
        return True
    bodies = min(a.body.meaningful, b.body.meaningful) >= thresholds.body_alone
    return (bodies and _contained(a.body, b.body, thresholds)[1]) or _reworded(a, b, thresholds)


def point(said: Iterable[tuple[bool, bool]]) -> Point:
    """Return where verdicts (merged, same) stand."""
    verdicts = list(said)
    right = sum(merged and same for merged, same in verdicts)
    wrong = sum(merged and not same for merged, same in verdicts)
    same = sum(same for _, same in verdicts)
    return right / same, right / max(1, right + wrong), wrong / max(1, len(verdicts) - same)


def text(side: Text) -> str:
    """Return a side as one text."""
    return f"{side.headline} {side.body}"


def lsh(pair: Pair) -> bool:
    """Return whether datasketch's index brings the two together."""
    made = []
    for side in (pair.a, pair.b):
        words = text(side).lower().split()
        made.append(MinHash(num_perm=128))
        made[-1].update_batch([f"{a} {b}".encode() for a, b in pairwise(words)])
    index = MinHashLSH(threshold=0.5, num_perm=128)
    index.insert("a", made[0])
    return bool(index.query(made[1]))


def ratio(pair: Pair) -> bool:
    """Return whether rapidfuzz calls the two alike."""
    return fuzz.token_set_ratio(text(pair.a), text(pair.b)) >= 90


def simhash(pair: Pair) -> bool:
    """Return whether the two hashes of words are close."""

    def bits(side: Text) -> np.ndarray:
        hashes = [blake2b(word.encode(), digest_size=8).digest() for word in text(side).lower().split()]
        rows = np.unpackbits(np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, 8), axis=1)
        return rows.mean(axis=0) > 0.5

    return int((bits(pair.a) != bits(pair.b)).sum()) <= 6


def main() -> None:
    """Print the points and write the picture."""
    options = argparse.ArgumentParser()
    options.add_argument("--each", type=int, default=100)
    chosen = options.parse_args()
    known = []
    for pair in pairs(chosen.each):
        a, b = tell(pair.a), tell(pair.b)
        met = bool(np.intersect1d(unpack_keys(a.signature), unpack_keys(b.signature)).size)
        known.append((pair, a, b, met, met and contradiction(a.whole.tokens, b.whole.tokens) is None))
    ours, wordy = [], []
    print("thresholds moved by | with the facts: recall, precision, false merges | words alone")
    for by in SHIFTS:
        thresholds = shifted(by)
        like = [met and alike(a, b, thresholds) for _, a, b, met, _ in known]
        ours.append(point((yes and true, p.same) for yes, (p, _, _, _, true) in zip(like, known, strict=True)))
        wordy.append(point((yes, p.same) for yes, (p, *_) in zip(like, known, strict=True)))
        print(f"{by:+.2f} | {_said(ours[-1])} | {_said(wordy[-1])}")
    peers: dict[str, Callable[[Pair], bool]] = {"MinHash LSH 0.5": lsh, "token_set_ratio 90": ratio, "simhash": simhash}
    points = {name: point((run(pair), pair.same) for pair, *_ in known) for name, run in peers.items()}
    for name, found in points.items():
        print(f"{name}: {_said(found)}")
    PICTURE.write_text(draw(ours, wordy, points))


def _said(found: Point) -> str:
    return " ".join(f"{value:7.2%}" for value in found)


def draw(ours: list[Point], wordy: list[Point], peers: dict[str, Point]) -> str:
    """Return the picture: recall to the right, precision up."""

    def x(recall: float) -> float:
        return 70 + (recall - 0.4) / 0.6 * 520

    def y(precision: float) -> float:
        return 330 - (precision - 0.4) / 0.6 * 290

    def line(points: list[Point], colour: str) -> str:
        path = " ".join(f"{x(max(0.4, r)):.1f},{y(max(0.4, p)):.1f}" for r, p, _ in points)
        dots = "".join(
            f'<circle cx="{x(max(0.4, r)):.1f}" cy="{y(max(0.4, p)):.1f}" r="3" fill="{colour}"/>' for r, p, _ in points
        )
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}'

    ticks = "".join(
        f'<line x1="70" x2="590" y1="{y(v):.1f}" y2="{y(v):.1f}" stroke="#ddd"/>'
        f'<text x="62" y="{y(v) + 4:.1f}" text-anchor="end">{v:.0%}</text>'
        f'<text x="{x(v):.1f}" y="350" text-anchor="middle">{v:.0%}</text>'
        for v in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    )
    marks = "".join(
        f'<rect x="{x(max(0.4, r)) - 4:.1f}" y="{y(max(0.4, p)) - 4:.1f}" width="8" height="8" fill="#b45309"/>'
        f'<text x="{x(max(0.4, r)) - 8:.1f}" y="{y(max(0.4, p)) + 4 + 13 * place:.1f}" text-anchor="end">{name}</text>'
        for place, (name, (r, p, _)) in enumerate(peers.items())
    )
    chosen = ours[SHIFTS.index(0.0)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 400" font-family="sans-serif" '
        'font-size="12" role="img">'
        "<title>Precision and recall of recognising the same news</title>"
        f'<rect width="620" height="400" fill="#fff"/>{ticks}'
        f"{line(wordy, '#64748b')}{line(ours, '#0f766e')}{marks}"
        f'<circle cx="{x(chosen[0]):.1f}" cy="{y(chosen[1]):.1f}" r="7" fill="none" stroke="#0f766e" stroke-width="2"/>'
        '<text x="330" y="375" text-anchor="middle">recall</text>'
        '<text x="18" y="185" transform="rotate(-90 18 185)" text-anchor="middle">precision</text>'
        '<text x="80" y="30" fill="#0f766e">words and facts (ring: as set)</text>'
        '<text x="290" y="30" fill="#64748b">words alone</text><text x="390" y="30" fill="#b45309">peers</text></svg>\n'
    )


if __name__ == "__main__":
    main()
