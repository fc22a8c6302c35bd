"""How much of one text the other contains, and whether that makes them the same news."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from schemas.post import Kind, Post
from streams.dedupe.same_news.facts import Sentence, as_sentences, contradiction
from streams.dedupe.same_news.minhash import LEAD_WORDS, STEM, signature
from streams.dedupe.same_news.tokens import Token, TokenKind, sentences, tokenise
from streams.dedupe.thresholds import Thresholds

_FACT_WEIGHT: Final = 1.5
WEIGHTS: Final = {
    **dict.fromkeys(TokenKind, _FACT_WEIGHT),
    TokenKind.GRAMMAR: 0.25,
    TokenKind.WORD: 1.0,
    TokenKind.MAYBE: 1.0,
    TokenKind.CAPITAL: 1.0,
    TokenKind.NAME: 1.2,
    TokenKind.NEGATION: 1.0,
}


_BODY_WORDS: Final = 5
"""A body with fewer meaningful words hardly adds to its headline."""
_BODIES_ALIKE_SHARE: Final = 0.5


class Part:
    """Tokens and the counts that comparisons need."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        texts = [token.text for token in tokens]
        self.tokens = tokens
        self.kinds = {token.text: WEIGHTS[token.kind] for token in tokens}
        self.words = Counter(texts)
        self.pairs = Counter(pairwise(texts))
        self.weight = sum([WEIGHTS[token.kind] for token in tokens])
        self.meaningful = sum([token.kind is not TokenKind.GRAMMAR for token in tokens])


_COMPARED_CHARS: Final = 20_000
"""How much of a text is compared with others: the longest collected post has 13,000, and each comparison takes
time for all of it. What comes after it still makes a revision, which the fingerprint of the whole text decides."""


class ComparedText:
    """A post's text, ready to be compared; tokens are made at the first comparison, which most posts never have."""

    def __init__(self, headline: str, body: str) -> None:
        self._headline = sentences(headline) if headline else []
        self._body = sentences(body) if body else []

    @cached_property
    def headline(self) -> frozenset[str]:
        """The headline's sentences, each in one notation."""
        return frozenset(sentence.casefold() for sentence in self._headline)

    @cached_property
    def signature(self) -> bytes:
        """The keys under which the index finds similar texts."""
        return signature([*self._headline, *self._body])

    @cached_property
    def body(self) -> Part:
        """The body alone."""
        return Part(tokenise(self._body, len(self._headline)))

    @cached_property
    def lead(self) -> dict[str, float]:
        """The first words of meaning, by their stems, with their weight."""
        meant = [token for token in self.whole.tokens if token.kind is not TokenKind.GRAMMAR]
        return {token.text[:STEM]: WEIGHTS[token.kind] for token in meant[:LEAD_WORDS]}

    @cached_property
    def whole(self) -> Part:
        """The headline and the body."""
        return Part([*tokenise(self._headline), *self.body.tokens]) if self._headline else self.body

    @cached_property
    def said(self) -> list[Sentence]:
        """The sentences of the whole."""
        return as_sentences(self.whole.tokens)


def compared_text(post: Post) -> ComparedText:
    """Return the text to compare; if a post has no body, its captions and embedded texts count instead."""
    body = post.body_text or post.summary
    if not body:
        shown = [media.caption for media in post.media] + [embed.text for embed in post.embeds]
        body = "\n".join(text for text in shown if text)
    return ComparedText((post.headline or "")[:_COMPARED_CHARS], body[:_COMPARED_CHARS])


def comparable(post: Post) -> bool:
    """Whether a post is a report: a recap repeats many reports, and a reader's comment is no report."""
    return post.kind is Kind.POST


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a comparison: whether two posts report the same news."""

    same: bool
    similarity: float
    veto: str | None = None


def compare(a: ComparedText, b: ComparedText, thresholds: Thresholds) -> Verdict:
    """Return the verdict on two posts."""
    similarity, enough = _contained(a.whole, b.whole, thresholds)
    if not enough and min(a.body.meaningful, b.body.meaningful) >= thresholds.body_alone:
        similarity, enough = max((similarity, False), _contained(a.body, b.body, thresholds), key=lambda s: s[::-1])
    if (not enough and not _reworded(a, b, thresholds)) or _only_headlines(a, b, thresholds):
        return Verdict(same=False, similarity=similarity)
    veto = contradiction(a.said, b.said)
    return Verdict(same=veto is None, similarity=similarity, veto=veto)


def _only_headlines(a: ComparedText, b: ComparedText, thresholds: Thresholds) -> bool:
    """Whether two posts share the headline only, over different bodies."""
    if not (a.headline and b.headline) or min(a.body.meaningful, b.body.meaningful) < _BODY_WORDS:
        return False
    if a.headline.isdisjoint(b.headline):
        return False
    return _contained(a.body, b.body, thresholds)[0] < _BODIES_ALIKE_SHARE


def _reworded(a: ComparedText, b: ComparedText, thresholds: Thresholds) -> bool:
    """Whether two leads say the same in other words: they share most of their meaningful words."""
    shared = a.lead.keys() & b.lead.keys()
    if len(shared) < thresholds.lead_shared:
        return False
    both = sum(max(a.lead[word], b.lead[word]) for word in shared)
    return both >= thresholds.lead_alike * (sum(a.lead.values()) + sum(b.lead.values()) - both)


def _contained(a: Part, b: Part, thresholds: Thresholds) -> tuple[float, bool]:
    """Return the share of the smaller part that the larger one contains, and whether it is enough for its size."""
    small, large = (a, b) if a.weight <= b.weight else (b, a)
    if not small.weight or not small.pairs:
        return 0.0, False
    found = large.words
    kinds = small.kinds
    words = sum([kinds[word] * min(count, found[word]) for word, count in small.words.items() if word in found])
    ours, theirs = small.pairs, large.pairs
    pairs = sum([min(ours[pair], theirs[pair]) for pair in ours.keys() & theirs.keys()])
    similarity = round(min(1.0, (words / small.weight + pairs / small.pairs.total()) / 2), 4)
    return similarity, similarity >= thresholds.enough(small.meaningful, small.weight / large.weight)
