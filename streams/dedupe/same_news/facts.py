"""Facts that contradict: another number, day, score, name in the same place, a negation, an opposite.

One side may tell more than the other; that is no contradiction. A fact only counts against the other side's fact in
the same place: in a small gap between words that both texts share, or among the same words.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from streams.dedupe.same_news.common_words import common
from streams.dedupe.same_news.lexicon import GRAMMAR, OPPOSITES, TITLES
from streams.dedupe.same_news.tokens import FACTS, Token, TokenKind

_GAP_WORDS = 6
"""If the texts differ in more words than this, the words around no longer prove that both mean the same thing."""
_NEGATED_WORDS = 4
_CONTEXT_WORDS = 4
_KIN_LIKENESS = 0.86
"""Names that begin with the same letter and are this alike (Jaro-Winkler) are two spellings of one."""
_KIN_OTHERWISE_LIKENESS = 0.93
_NARROW_WORDS = 2
_FEW_WORDS = 3
_MISSPELT_LETTERS = 6
"""From this length on, two words that differ by one slip of a finger count as the same word."""
_PARTNERS_SHARE = 0.5
"""Two sentences report the same if one has this share of the other's words."""

Gap = tuple[Sequence[Token], Sequence[Token], bool]
"""The words of one side, the words in their place on the other, and whether a name follows on both sides."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is compared with the other text's."""

    text: str
    """Its tokens in their notation."""
    tokens: Sequence[Token]
    words: frozenset[str]
    between: tuple[str, str]
    """The sentences before and after it: they show its place in the text."""


def as_sentences(tokens: Sequence[Token]) -> list[Sentence]:
    """Return tokens sentence by sentence."""
    found: dict[int, list[Token]] = {}
    for token in tokens:
        found.setdefault(token.sentence, []).append(token)
    said = list(found.values())
    texts = ["", *(" ".join([token.text for token in sentence]) for sentence in said), ""]
    return [
        Sentence(
            text=texts[place],
            tokens=sentence,
            words=frozenset([token.text for token in sentence if token.kind is not TokenKind.GRAMMAR]),
            between=(texts[place - 1], texts[place + 1]),
        )
        for place, sentence in enumerate(said, 1)
    ]


def contradiction(a: Sequence[Sentence], b: Sequence[Sentence]) -> str | None:
    """Return the contradiction in words for a person, or None if there is none."""
    rest_a, rest_b = _without(a, b), _without(b, a)
    if not rest_a or not rest_b:
        return None
    for one, other in _partners(rest_a, rest_b):
        for gap in _gaps(one, other):
            if veto := _in_gap(*gap):
                return veto
    return _amid_the_same_words([t for s in rest_a for t in s.tokens], [t for s in rest_b for t in s.tokens])


def _without(sentences: Sequence[Sentence], others: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences that the others lack word for word; of repeated ones, the surplus."""
    left = Counter([sentence.text for sentence in others])
    found = []
    for sentence in sentences:
        if left.get(sentence.text, 0) > 0:
            left[sentence.text] -= 1
        else:
            found.append(sentence)
    return found


def _partners(a: list[Sentence], b: list[Sentence]) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """Yield pairs of sentences that share many words or stand in the same place, each with its likeliest partner.

    If a sentence's likeliest partner has a still likelier partner, only this side says the sentence.
    """
    likely = [[_likely(one, other) for other in b] for one in a]
    for index, row in enumerate(likely):
        most = max(row)
        best = row.index(most)
        if most > 0 and all(other[best] <= most for other in likely):
            yield a[index].tokens, b[best].tokens


def _likely(one: Sentence, other: Sentence) -> float:
    both = len(one.words & other.words)
    # Two headlines of one report may share no word, so their place alone proves nothing; with list items it does.
    few = len(one.tokens) <= _FEW_WORDS
    alike = abs(len(one.tokens) - len(other.tokens)) <= _NARROW_WORDS
    placed = alike and (both > 0 or few) and one.between == other.between
    if placed or both >= _PARTNERS_SHARE * min(len(one.words), len(other.words)):
        return both / max(1, len(one.words | other.words)) + placed
    return 0.0


def _gaps(a: Sequence[Token], b: Sequence[Token]) -> Iterator[Gap]:
    """Yield the small spans in which two sentences differ; neighbouring deletions and insertions are one span."""
    start: tuple[int, int] | None = None
    end = (0, 0)
    for operation in Indel.opcodes([token.text for token in a], [token.text for token in b]):
        if operation.tag != "equal":
            start = start or (operation.src_start, operation.dest_start)
            end = (operation.src_end, operation.dest_end)
            continue
        if start and max(end[0] - start[0], end[1] - start[1]) <= _GAP_WORDS:
            yield a[start[0] : end[0]], b[start[1] : end[1]], a[end[0]].kind is TokenKind.NAME
        start = None
    if start and max(end[0] - start[0], end[1] - start[1]) <= _GAP_WORDS:
        last_a, last_b = a[start[0] : end[0]], b[start[1] : end[1]]
        if (last_a and last_b) or not _goes_on(last_a or last_b):
            yield last_a, last_b, False


def _goes_on(end: Sequence[Token]) -> bool:
    """Whether one side's longer ending only adds a negated detail ("..., not here"): that contradicts nothing."""
    meant = [token.kind for token in end if token.kind is not TokenKind.GRAMMAR]
    return len(meant) > 1 and meant[0] is TokenKind.NEGATION and TokenKind.NEGATION not in meant[1:]


def _in_gap(a: Sequence[Token], b: Sequence[Token], before_name: bool) -> str | None:  # noqa: FBT001
    for kind in FACTS:
        if veto := _other(kind.name.lower(), _texts_of_kind(a, kind), _texts_of_kind(b, kind)):
            return veto
    a, b = _spelt(a, b)
    if max(len(a), len(b)) <= _NEGATED_WORDS and _negations(a) != _negations(b):
        return f"negation: {_as_text(a)} / {_as_text(b)}"
    if not a or not b:
        return None
    few = len(a) <= _NARROW_WORDS and len(b) <= _NARROW_WORDS
    if few and any(frozenset((x.text, y.text)) in OPPOSITES for x in a for y in b):
        return f"opposite: {_as_text(a)} / {_as_text(b)}"
    names_a, names_b = _names(a, few=few), _names(b, few=few)
    if few and bool(names_a) != bool(names_b):  # in a title-case headline, a name for a word that begins like one
        names_a = names_a or [t.text for t in a if t.kind is TokenKind.CAPITAL]
        names_b = names_b or [t.text for t in b if t.kind is TokenKind.CAPITAL]
    if before_name:  # the President, Mr, or the first name: another way to call the same person
        names_a = [name for name in names_a if name not in TITLES]
        names_b = [name for name in names_b if name not in TITLES]
    if names_a and names_b and not _kin(names_a, names_b):
        return f"name: {' '.join(names_a)} / {' '.join(names_b)}"
    return None


def _spelt(a: Sequence[Token], b: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """Return two spans without the words that differ by a typing error only."""
    for x in a:
        for y in b:
            if _slip(x.text, y.text):
                return _spelt([t for t in a if t is not x], [t for t in b if t is not y])
    return a, b


def _slip(x: str, y: str) -> bool:
    return (
        x != y
        and min(len(x), len(y)) >= _MISSPELT_LETTERS - 1
        and max(len(x), len(y)) >= _MISSPELT_LETTERS
        and x[0] == y[0]
        and x.isalpha()
        and y.isalpha()
        and OSA.distance(x, y, score_cutoff=1) <= 1
    )


def _names(tokens: Sequence[Token], *, few: bool) -> list[str]:
    """Return the names in a gap; if capitals prove nothing, an uncommon word in a narrow gap counts as a name."""
    sure = [t.text for t in tokens if t.kind is TokenKind.NAME and t.text not in GRAMMAR]
    return sure or [
        t.text for t in tokens if few and t.kind in (TokenKind.MAYBE, TokenKind.CAPITAL) and not common(t.text)
    ]


def _texts_of_kind(tokens: Sequence[Token], kind: TokenKind) -> Counter[str]:
    return Counter(token.text for token in tokens if token.kind is kind)


def _other(name: str, a: Counter[str], b: Counter[str]) -> str | None:
    only_a, only_b = a - b, b - a
    return f"{name}: {', '.join(only_a)} / {', '.join(only_b)}" if only_a and only_b else None


def _negations(tokens: Sequence[Token]) -> bool:
    return sum(token.kind is TokenKind.NEGATION for token in tokens) % 2 == 1


def _as_text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens) or "-"


def _kin(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two lists may name the same: another spelling, initials, or one name left out."""
    return (
        any(_spelt_alike(x, y) for x in a for y in b)
        or "".join(name[0] for name in a) in b
        or "".join(name[0] for name in b) in a
    )


def _spelt_alike(x: str, y: str) -> bool:
    least = _KIN_LIKENESS if x[0] == y[0] else _KIN_OTHERWISE_LIKENESS
    return JaroWinkler.similarity(x, y) >= least or x.startswith(y) or y.startswith(x)


def _amid_the_same_words(a: Sequence[Token], b: Sequence[Token]) -> str | None:
    """Return two facts that contradict: each side states one of them among the same words."""
    for kind in FACTS:
        have_a, have_b = _texts_of_kind(a, kind), _texts_of_kind(b, kind)
        only_a, only_b = have_a - have_b, have_b - have_a
        if not (only_a and only_b):
            continue
        around_a, around_b = _contexts(a, kind, only_a), _contexts(b, kind, only_b)
        for value_a, words_a in around_a:
            for value_b, words_b in around_b:
                shared = len(words_a & words_b)
                least = min(len(words_a), len(words_b))
                most = max(len(words_a), len(words_b))
                if shared * 2 >= least and (shared > 1 or (shared and most <= _CONTEXT_WORDS)):
                    return f"{kind.name.lower()}: {value_a} / {value_b}"
    return None


def _contexts(tokens: Sequence[Token], kind: TokenKind, values: Counter[str]) -> list[tuple[str, frozenset[str]]]:
    found = []
    for index, token in enumerate(tokens):
        if token.kind is not kind or token.text not in values:
            continue
        near = tokens[max(0, index - _CONTEXT_WORDS) : index + _CONTEXT_WORDS + 1]
        words = (
            t.text[:6]
            for t in near
            if t.kind in (TokenKind.WORD, TokenKind.NAME, TokenKind.MAYBE, TokenKind.CAPITAL)
            and t.sentence == token.sentence
        )
        found.append((token.text, frozenset(words)))
    return found
