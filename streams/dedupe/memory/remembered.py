"""What is kept of an entry, and how it is written to `liveline.memory`.

A record is the version's byte, a flags byte, a JSON list of small values, the signature and the compressed content.
Loading reads the first two only; the rest is decoded when the coverage's next document arrives. Content
is kept because a first report is published again, whole, each time another source corroborates it.
"""

import zlib
from base64 import b64decode, b64encode
from enum import IntEnum
from typing import Any, Final, NamedTuple

import orjson

from schemas.post import Post
from streams.dedupe.memory.record_version import VERSION_BYTE
from streams.dedupe.memory.varint import read_varint, varint

HELD: Final = 1
GONE: Final = 2
UNHASHED: Final = "-"
"""Replaces the content's hash of an entry whose content we do not have."""
_OWN_STORY: Final = "."
"""Stands in a record for the entry's own id."""
_WITHOUT_STORY: Final = 21
"""Values in the head of a record from before there were stories."""
_FLAGS_AT: Final = 1
# Words that posts' JSON shares; a dictionary halves what a short post takes. Changing it makes old records unreadable,
# so a new one needs a new `RECORD_VERSION`.
_WORDS: Final = (
    b"https://www.the and that with from have been will said says people police minister government after before "
    b'"language":"en-GB""time_basis":"exact""zone_assumed""date_inferred""received"'
    b'"links":["https://"embeds":[{"provider":"twitter","url":"https://"text":"'
    b'"media":[{"type":"image","url":"https://"caption":"credit":"alt":"'
    b'"authors":[""key_event":true,"pinned":true,"breaking":true,"kind":"summary","subjects":[{"name":"code":"scheme":'
    b'"body_html":"<p></p>\\n<a href=\\"https://\\" rel=\\"noopener noreferrer\\">","summary":"'
    b'{"url":"https://"published_at":"2024-01-01T00:00:00Z","updated_at":"2024-01-01T00:00:00Z",'
    b'"time_basis":"exact","headline":"body_text":"The "kind":"post","id":"status":"usable"}'
)


class State(IntEnum):
    """Where an entry stands, in one small number."""

    USABLE = 0
    CANCELED = 1
    WITHHELD = 2
    HELD = 3
    """By an embargo."""


class Report(NamedTuple):
    """Another source's report of the same news, as the first report lists it."""

    source_id: str
    entry_id: str
    url: str | None
    published: int | None
    similarity: float


class Remembered(NamedTuple):
    """An entry in memory; a tuple, since half a dozen are made for each new post."""

    entry_id: str
    source_id: str
    post_id: str | None
    place: int
    """Its order of arrival within the coverage; the lower one is the first report."""
    revision: int
    """0 while nothing was published."""
    state: State
    fingerprint: bytes
    hash: str
    """Of the canonical content."""
    received: int
    """When the document of its newest version was received."""
    version: str | None = None
    updated: int | None = None
    published: int | None = None
    """As displayed now; None when the source shows none."""
    first_published: int | None = None
    held_until: int | None = None
    missing: int = 0
    """How many snapshots in a row it was missing from."""
    buried: bool = False
    """Its tombstone was written on the topic of newest revisions."""
    appearance: tuple[int | None, int, int] | None = None
    """Minute, headline and body (hashed) of an entry without an id: by these its edits are recognised."""
    duplicate_of: str | None = None
    similarity: float = 0.0
    reports: tuple[Report, ...] = ()
    content: bytes = b""
    """The newest visible content, packed; empty when it never had any."""
    signature: bytes = b""
    """MinHash values of its passages; empty if it is not compared with others."""
    form: int = 0
    """Which parser and which canonical form its fingerprint, look and content are of."""
    gist: bytes = b""
    """A short hash of the canonical content: what a skeleton is compared by."""
    story: str = ""
    """The first entry of its story, which may be itself; empty while it has none."""
    terms: bytes = b""
    """What it is known by among the coverage's stories, packed by `streams/stories/terms.py`."""

    @property
    def standing(self) -> bool:
        """Whether readers see it."""
        return self.state is State.USABLE and self.revision > 0

    @property
    def skeleton(self) -> bool:
        """Whether it was published and its content is no longer kept."""
        return self.revision > 0 and not self.content

    @property
    def awaits_tombstone(self) -> bool:
        """Whether its retraction still stands on the topic of newest revisions."""
        return self.revision > 0 and self.state is not State.USABLE and not self.buried


def pack(post: Post) -> bytes:
    """Return a post's content, compressed."""
    squeezer = zlib.compressobj(6, zlib.DEFLATED, -13, 6, zdict=_WORDS)
    return squeezer.compress(post.model_dump_json().encode()) + squeezer.flush()


def unpack(content: bytes) -> Post:
    """Return the post that was packed."""
    stretcher = zlib.decompressobj(-13, zdict=_WORDS)
    return Post.model_validate(orjson.loads(stretcher.decompress(content) + stretcher.flush()))


def encode(known: Remembered) -> bytes:
    """Return the entry as a record's value."""
    head = orjson.dumps(
        [
            known.source_id,
            known.post_id,
            known.place,
            known.revision,
            known.state,
            known.fingerprint.hex(),
            known.hash,
            known.received,
            known.version,
            known.updated,
            known.published,
            known.first_published,
            known.held_until,
            known.missing,
            known.buried,
            known.appearance,
            known.duplicate_of,
            known.similarity,
            [[r.source_id, r.entry_id, r.url, r.published, r.similarity] for r in known.reports],
            known.form,
            known.gist.hex(),
            _OWN_STORY if known.story == known.entry_id else known.story,
            b64encode(known.terms).decode(),
        ]
    )
    begin, signature = VERSION_BYTE + bytes((flags_of(known),)), known.signature
    return b"".join((begin, varint(len(head)), head, varint(len(signature)), signature, known.content))


def flags_of(known: Remembered) -> int:
    """Return the flags that can be read without decoding the entry.

    `HELD`: an embargo will end; `GONE`: its retraction on the topic of newest revisions waits for its tombstone.
    """
    return (HELD if known.state is State.HELD else 0) | (GONE if known.awaits_tombstone else 0)


def flags(value: bytes) -> int:
    """Return the flags of a record without decoding it."""
    return value[_FLAGS_AT]


_STATES: Final = tuple(State)


def decode(entry_id: str, value: bytes) -> Remembered:
    """Return what `encode` wrote."""
    length, start = read_varint(value, _FLAGS_AT + 1)
    known: list[Any] = orjson.loads(value[start : start + length])
    length, start = read_varint(value, start + length)
    appearance = known[15]
    story, terms = known[21:23] if len(known) > _WITHOUT_STORY else ("", "")
    return Remembered(
        entry_id=entry_id,
        source_id=known[0],
        post_id=known[1],
        place=known[2],
        revision=known[3],
        state=_STATES[known[4]],
        fingerprint=bytes.fromhex(known[5]),
        hash=known[6],
        received=known[7],
        version=known[8],
        updated=known[9],
        published=known[10],
        first_published=known[11],
        held_until=known[12],
        missing=known[13],
        buried=known[14],
        appearance=(appearance[0], appearance[1], appearance[2]) if appearance else None,
        duplicate_of=known[16],
        similarity=known[17],
        reports=tuple(Report(*report) for report in known[18]),
        signature=value[start : start + length],
        content=value[start + length :],
        form=known[19],
        gist=bytes.fromhex(known[20]),
        story=entry_id if story == _OWN_STORY else story,
        terms=b64decode(terms),
    )
