"""How much of one text the other holds, and whether that makes them the same news."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from schemas.post import Kind, Post
from streams.dedupe.facts import contradiction
from streams.dedupe.signature import signature
from streams.dedupe.thresholds import Thresholds
from streams.dedupe.tokens import Token, What, tokenise

_WEIGHTS: Final = {What.GRAMMAR: 0.25, What.WORD: 1.0, What.NAME: 1.2, What.NEGATION: 1.0}
_FACT: Final = 1.5


@dataclass(frozen=True, slots=True)
class Part:
    """Tokens with what is counted of them."""

    tokens: Sequence[Token]
    words: Counter[str]
    pairs: Counter[tuple[str, str]]
    weight: float
    meaningful: int

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> "Part":
        """Count tokens."""
        return cls(
            tokens=tokens,
            words=Counter(token.text for token in tokens),
            pairs=Counter(pairwise(token.text for token in tokens)),
            weight=sum(_weight(token) for token in tokens),
            meaningful=sum(token.what is not What.GRAMMAR for token in tokens),
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What a post reports: its headline and body, and the body alone."""

    whole: Part
    body: Part
    signature: bytes


def told(post: Post) -> Told:
    """Return what a post reports; captions and embedded words stand in for a body that isn't there."""
    headline = tokenise(post.headline or "")
    body = tokenise(post.body_text or "") if post.body_text else []
    if not body and post.summary:
        body = tokenise(post.summary)
    if not body:
        shown = [media.caption or "" for media in post.media] + [embed.text or "" for embed in post.embeds]
        body = tokenise("\n".join(shown))
    after = headline[-1].sentence + 1 if headline else 0
    body = [Token(t.text, t.what, t.sentence + after) for t in body] if after else body
    tokens = [*headline, *body]
    return Told(Part.of(tokens), Part.of(body), signature(tokens))


def comparable(post: Post) -> bool:
    """Return whether a post reports; a recap repeats many reports and a reader's comment none."""
    return post.kind is Kind.POST


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two posts tell the same news."""

    same: bool
    similarity: float
    veto: str | None = None


def compare(a: Told, b: Told, thresholds: Thresholds) -> Verdict:
    """Return whether two posts tell the same news."""
    similarity, enough = _contained(a.whole, b.whole, thresholds)
    if not enough and min(a.body.meaningful, b.body.meaningful) >= thresholds.body_alone:
        similarity, enough = max((similarity, False), _contained(a.body, b.body, thresholds), key=lambda s: s[::-1])
    if not enough:
        return Verdict(same=False, similarity=similarity)
    veto = contradiction(a.whole.tokens, b.whole.tokens)
    return Verdict(same=veto is None, similarity=similarity, veto=veto)


def _contained(a: Part, b: Part, thresholds: Thresholds) -> tuple[float, bool]:
    """Return how much of the smaller part the larger one holds, and whether that is enough for its size."""
    small, large = (a, b) if a.weight <= b.weight else (b, a)
    if not small.weight or not small.pairs:
        return 0.0, False
    shared = small.words & large.words
    kinds = {token.text: _weight(token) for token in small.tokens}
    words = sum(kinds[word] * count for word, count in shared.items()) / small.weight
    pairs = (small.pairs & large.pairs).total() / small.pairs.total()
    similarity = round(min(1.0, (words + pairs) / 2), 4)
    return similarity, similarity >= thresholds.enough(small.meaningful, small.weight / large.weight)


def _weight(token: Token) -> float:
    return _WEIGHTS.get(token.what, _FACT)
