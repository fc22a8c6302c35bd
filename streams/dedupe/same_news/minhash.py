"""MinHash signatures of a post's passages, as the keys of their bands.

Pairs of neighbouring words are hashed 48 ways by multiply-shift; the smallest values of the whole text, three at a
time, make 16 keys; each longer sentence adds 5 keys, so that a paragraph inside a longer post is found too; the first
words of meaning, whatever their order, add 12, for the same news in other words. Only keys are kept (4 bytes each).
Hashing is the same on every machine: CRC-32 and constants from BLAKE2b, never Python's own `hash()`.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b
from itertools import chain, islice
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

from streams.dedupe.same_news.lexicon import GRAMMAR

_WAYS: Final = 48
_ROWS: Final = 3
"""Values that make a key."""
_WHOLE: Final = 16
"""Keys of the whole text: two texts that share half of their pairs meet with 88 %, a tenth with 2 %."""
_PASSAGE: Final = 5
"""Of one sentence: half of the pairs meet with 49 %, four fifths with 97 %."""
_LEAD: Final = 12
"""Of the lead's words: half of them shared meet with 80 %, a tenth with 1 %."""
LEAD_WORDS: Final = 26
STEM: Final = 5
"""Letters by which words of a lead are the same, whatever their endings."""
_PASSAGE_WORDS: Final = 4
_WORD: Final = re.compile(r"[^\W_]+")
_MAX_PASSAGES: Final = 40
_PASSAGE_WAYS: Final = _PASSAGE * _ROWS
_LEAD_WAYS: Final = _LEAD * _ROWS
_LEAD_LEAST: Final = 8

Keys = npt.NDArray[np.uint32]


def _constants(name: str) -> npt.NDArray[np.uint64]:
    raw = b"".join(blake2b(f"{name}{way}".encode(), digest_size=8).digest() for way in range(_WAYS))
    return np.frombuffer(raw, dtype="<u8").astype(np.uint64)


_FACTORS: Final = (_constants("factor") | np.uint64(1)).reshape(-1, 1)
_ADDENDS: Final = _constants("addend").reshape(-1, 1)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_SECOND: Final = np.uint64(0x7F4A7C15)
_FAR, _NEAR, _HALF, _LOW = np.uint64(29), np.uint64(31), np.uint64(32), np.uint64(16)
_LEAD_FACTORS: Final = _FACTORS[:_LEAD_WAYS]
_LEAD_ADDENDS: Final = _ADDENDS[:_LEAD_WAYS]
_ASCII_WORDS: Final = bytes(code if chr(code).isalnum() and code < 0x80 else 0x20 for code in range(256))  # noqa: PLR2004
_GRAMMAR: Final = frozenset(word.encode() for word in GRAMMAR)


def _bands(salt: int, count: int) -> npt.NDArray[np.uint64]:
    return np.arange(salt * 101, salt * 101 + count, dtype=np.uint64) + _SECOND


_WHOLE_BANDS: Final = _bands(0, _WHOLE)
_PASSAGE_BANDS: Final = _bands(1, _PASSAGE)
_LEAD_BANDS: Final = _bands(2, _LEAD)


def signature(sentences: Sequence[str]) -> bytes:
    """Return the keys of a text's sentences, packed; empty for a text without words."""
    said = [words for sentence in sentences if (words := _words(sentence.casefold()))]
    if not said:
        return b""
    lengths = list(map(len, said))
    count = sum(lengths)
    hashes = np.fromiter(map(crc32, chain.from_iterable(said)), np.uint64, count)
    mixed = hashes * _MIX
    mixed[:-1] ^= hashes[1:] + _SECOND
    mixed ^= mixed >> _FAR
    values = _FACTORS * mixed
    values += _ADDENDS
    # Of the values' upper halves, the smallest are those of the smallest values: only these are shifted.
    bands = [values.min(axis=1).reshape(-1, _ROWS)]
    numbers = [_WHOLE_BANDS]
    spans = _passages(lengths)
    if spans:
        least = np.minimum.reduceat(values[:_PASSAGE_WAYS], spans, axis=1)[:, ::2]
        bands.append(least.reshape(_PASSAGE, _ROWS, -1).transpose(2, 0, 1).reshape(-1, _ROWS))
        numbers += [_PASSAGE_BANDS] * (len(spans) // 2)
    lead = _lead(said)
    if len(lead) >= _LEAD_LEAST:
        stems = np.fromiter(map(crc32, lead), np.uint64, len(lead))
        stems *= _MIX
        stems ^= stems >> _FAR
        values = _LEAD_FACTORS * stems
        values += _LEAD_ADDENDS
        bands.append(values.min(axis=1).reshape(-1, _ROWS))
        numbers.append(_LEAD_BANDS)
    keys = _keys(np.concatenate(bands) >> _HALF, np.concatenate(numbers))
    return np.unique(keys).astype("<u4", copy=False).tobytes()


def _words(folded: str) -> list[bytes]:
    """Return the words of a text in small letters, as UTF-8."""
    if folded.isascii():  # a third of the time that the pattern takes
        return folded.encode().translate(_ASCII_WORDS).split()
    return [word.encode() for word in _WORD.findall(folded)]


def _passages(lengths: Sequence[int]) -> list[int]:
    """Return where the pairs of each longer sentence begin and end, one after the other."""
    spans: list[int] = []
    end = 0
    for length in lengths:
        start, end = end, end + length
        if length >= _PASSAGE_WORDS and len(spans) < 2 * _MAX_PASSAGES:
            # The last pair of a sentence reaches into the next one: it is no part of the passage.
            spans += (start, end - 1)
    return spans


def _lead(said: Sequence[Sequence[bytes]]) -> set[bytes]:
    meant = (word for words in said for word in words if word not in _GRAMMAR)
    return {word[:STEM] if word.isascii() else word.decode()[:STEM].encode() for word in islice(meant, LEAD_WORDS)}


def _keys(bands: npt.NDArray[np.uint64], numbers: npt.NDArray[np.uint64]) -> Keys:
    # A band's values only meet the same band's, so its number is mixed in first.
    key = numbers
    for row in range(_ROWS):
        key = key ^ bands[:, row]
        key *= _MIX
        key ^= key >> _NEAR
    return (key >> _LOW).astype(np.uint32)


def unpack_keys(packed: bytes) -> Keys:
    """Return the keys of a packed signature."""
    return np.frombuffer(packed, dtype="<u4")
