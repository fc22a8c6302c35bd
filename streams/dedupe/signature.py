"""MinHash signatures of a post's passages, as the keys of their bands.

Pairs of neighbouring tokens are hashed 48 ways by multiply-shift; the smallest values of the whole text, three at a
time, make 16 keys; each longer sentence adds 5 keys, so that a paragraph inside a longer post is found
too. Only keys are kept (4 bytes each). Hashing is the same on every machine: CRC-32 and constants from BLAKE2b, never
Python's own `hash()`.
"""

import zlib
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt

from streams.dedupe.tokens import Token, What

_WAYS: Final = 48
_WHOLE: Final = (16, 3)
"""Bands and rows of the whole text: two texts that share half of their pairs meet with 88 %, a tenth with 2 %."""
_PASSAGE: Final = (5, 3)
"""Of one sentence: half of the pairs meet with 49 %, four fifths with 97 %."""
_PASSAGE_TOKENS: Final = 6
_MAX_PASSAGES: Final = 40
_PASSAGE_WAYS: Final = _PASSAGE[0] * _PASSAGE[1]

Keys = npt.NDArray[np.uint32]


def _constants(name: str) -> npt.NDArray[np.uint64]:
    raw = b"".join(blake2b(f"{name}{way}".encode(), digest_size=8).digest() for way in range(_WAYS))
    return np.frombuffer(raw, dtype="<u8").astype(np.uint64)


_FACTORS: Final = (_constants("factor") | np.uint64(1)).reshape(-1, 1)
_ADDENDS: Final = _constants("addend").reshape(-1, 1)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


def signature(tokens: Sequence[Token]) -> bytes:
    """Return the keys of a text, packed; empty for a text without words."""
    if not tokens:
        return b""
    hashes = np.fromiter((zlib.crc32(token.text.encode()) for token in tokens), dtype=np.uint64, count=len(tokens))
    following = np.concatenate((hashes[1:], hashes[:1] * 0))
    mixed = (hashes * _MIX) ^ (following + np.uint64(0x7F4A7C15))
    mixed ^= mixed >> np.uint64(29)
    values = (_FACTORS * mixed + _ADDENDS) >> np.uint64(32)
    starts = _starts(tokens)
    by_sentence = np.minimum.reduceat(values, starts, axis=1)
    whole = _keys(by_sentence.min(axis=1, keepdims=True), _WHOLE, 0)
    ends = [*starts[1:], len(tokens)]
    long = [
        place for place, (start, end) in enumerate(zip(starts, ends, strict=True)) if end - start >= _PASSAGE_TOKENS
    ]
    if len(starts) > 1 and long:
        # The last pair of a sentence reaches into the next one: it is no part of the passage.
        inner = _inner_minima(values, [(starts[place], ends[place] - 1) for place in long[:_MAX_PASSAGES]])
        passages = _keys(inner, _PASSAGE, 1)
    elif long:
        inner = _inner_minima(values, [(0, max(1, len(tokens) - 1))])
        passages = _keys(inner, _PASSAGE, 1)
    else:
        passages = np.empty(0, dtype=np.uint32)
    return np.unique(np.concatenate((whole, passages))).astype("<u4").tobytes()


def _starts(tokens: Sequence[Token]) -> list[int]:
    changes = (i for i in range(1, len(tokens)) if tokens[i].sentence != tokens[i - 1].sentence)
    return [0, *changes]


def _inner_minima(values: npt.NDArray[np.uint64], spans: list[tuple[int, int]]) -> npt.NDArray[np.uint64]:
    return np.stack([values[:_PASSAGE_WAYS, start:end].min(axis=1) for start, end in spans], axis=1)


def _keys(minima: npt.NDArray[np.uint64], bands: tuple[int, int], salt: int) -> Keys:
    count, rows = bands
    columns = minima[: count * rows].reshape(count, rows, -1)
    key = np.full(columns[:, 0].shape, 0x51ED270B + salt, dtype=np.uint64)
    for row in range(rows):
        key = (key ^ columns[:, row]) * _MIX
        key ^= key >> np.uint64(31)
    if salt == 0:  # a band's values only meet the same band's
        key += np.arange(count, dtype=np.uint64).reshape(-1, 1) * _MIX
    else:
        key += (np.arange(count, dtype=np.uint64).reshape(-1, 1) + np.uint64(101)) * _MIX
    return (key >> np.uint64(16)).astype(np.uint32).ravel()


def unpack_keys(packed: bytes) -> Keys:
    """Return the keys of a packed signature."""
    return np.frombuffer(packed, dtype="<u4")


def meaningful(tokens: Sequence[Token]) -> int:
    """Return how many tokens say something."""
    return sum(token.what is not What.GRAMMAR for token in tokens)
