"""Which of a source's posts this is: by its id, its address or, without both, by its appearance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha1
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from schemas.entry import EntryId
from schemas.newsroom import Identity, Source
from schemas.post import Kind, Post
from streams.dedupe.notation.address import canonical_url
from streams.dedupe.notation.canonical import canonical_text, displayed
from streams.dedupe.notation.instant import MINUTE_MICROS, at

LEAD: Final = "lead"


@lru_cache(maxsize=4096)
def _namespace(source_id: str) -> bytes:
    return uuid5(NAMESPACE_URL, f"liveline:{source_id}").bytes


def entry_id(source_id: str, key: str) -> EntryId:
    """Return the entry's id: the same for the same source and post, on every machine, always."""
    return EntryId(named_id(_namespace(source_id), key))


def named_id(namespace: bytes, name: str) -> str:
    """Return what `str(uuid.uuid5(...))` does (RFC 9562, version 5), without an object that checks and keeps it."""
    digest = bytearray(sha1(namespace + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    told = digest.hex()
    return f"{told[:8]}-{told[8:12]}-{told[12:16]}-{told[16:20]}-{told[20:]}"


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a reader sees of a post, as far as it distinguishes posts without an id."""

    minute: int | None
    headline: str
    body: str
    kind: str

    @property
    def key(self) -> str:
        """The key under which the post is first stored; later edits are recognised and keep it."""
        text = "\0".join((self.kind, str(self.minute), self.headline, self.body))
        return "look:" + blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()

    @property
    def hashed(self) -> tuple[int | None, int, int]:
        """The appearance as three small numbers, for the index."""
        return self.minute, _number(self.headline), _number(self.body)


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=6).digest()) if text else 0


@dataclass(frozen=True, slots=True)
class Identified:
    """A post with its key; a post without a key is recognised by its appearance."""

    post: Post
    rule: Identity
    key: str | None
    appearance: Appearance | None = None


def appearance(post: Post) -> Appearance:
    """Return the post's appearance; if it has no body, its pictures and embeds count instead."""
    shown = displayed(post)
    body = canonical_text(post.body_text or "")
    if not body:
        body = " ".join(
            [canonical_url(m.url or "") + canonical_text(m.caption or "") for m in post.media]
            + [canonical_url(e.url or "") + canonical_text(e.text or "") for e in post.embeds]
        )
    return Appearance(
        minute=None if shown is None else at(shown) // MINUTE_MICROS,
        headline=canonical_text(post.headline or ""),
        body=body,
        kind=str(post.kind),
    )


def identify(posts: Sequence[Post], source: Source) -> list[Identified]:
    """Return each post with its key under the source's rule.

    If a post lacks what the rule asks for, the next best identity counts: id, address, appearance.
    """
    wanted = source.identity
    if wanted in (Identity.AUTO, Identity.ID) and all(post.id for post in posts):
        return [Identified(post, Identity.ID, post.id) for post in posts]
    shared = _shared_addresses(posts)
    leads = sum(_may_lead(post) for post in posts)
    return [_identify(post, wanted, shared, only_lead=leads == 1) for post in posts]


def _identify(post: Post, wanted: Identity, shared: frozenset[str], *, only_lead: bool) -> Identified:
    if wanted is Identity.URL and post.url:
        return Identified(post, Identity.URL, canonical_url(post.url))
    if wanted is Identity.FRAGMENT and post.url and (fragment := post.url.partition("#")[2]):
        return Identified(post, Identity.FRAGMENT, fragment)
    if wanted is Identity.PUBLISHED_HEADLINE and post.published_at and post.headline:
        shown = appearance(post)
        return Identified(post, wanted, None, shown)
    if wanted is Identity.CONTENT:
        return Identified(post, wanted, None, appearance(post))
    if post.id:
        return Identified(post, Identity.ID, post.id)
    if post.url and wanted is not Identity.PUBLISHED_HEADLINE:
        address = canonical_url(post.url)
        if address not in shared and (wanted is not Identity.AUTO or "#" in address or len(shared) == 0):
            return Identified(post, Identity.URL, address)
    if only_lead and _may_lead(post):
        return Identified(post, Identity.CONTENT, LEAD)
    return Identified(post, Identity.PUBLISHED_HEADLINE if post.headline else Identity.CONTENT, None, appearance(post))


def _may_lead(post: Post) -> bool:
    """Whether the post can be the page's lead: a summary without an id and without a time of its own."""
    return post.kind is Kind.SUMMARY and not post.id and displayed(post) is None


def _shared_addresses(posts: Sequence[Post]) -> frozenset[str]:
    """Return the addresses that several different posts share: they are the page's and identify no post."""
    seen = {(canonical_url(p.url), p.headline, p.body_text) for p in posts if p.url and not p.id}
    counted = Counter(address for address, _, _ in seen)
    return frozenset(address for address, times in counted.items() if times > 1)
