"""A version of a post changes its entry, or says nothing new; pure."""

from dataclasses import dataclass
from typing import Any

from schemas.entry import Change
from schemas.post import Post, Status, TimeBasis
from streams.dedupe.memory.remembered import UNHASHED, Remembered, State, pack, unpack
from streams.dedupe.notation.canonical import canonical, changed_fields, displayed, hashes
from streams.dedupe.notation.instant import micros, moment
from streams.dedupe.reason import Rule
from streams.dedupe.revision.version import compare_versions, is_newer, is_stale


@dataclass(frozen=True, slots=True)
class RevisionResult:
    """What a version of a post changes: the entry in memory and, with `change`, a revision to publish."""

    rule: Rule
    known: Remembered
    """The entry as it is remembered from now on."""
    change: Change | None = None
    fields: tuple[str, ...] = ()
    post: Post | None = None
    """What is published with the change."""


def revise(known: Remembered, post: Post, fingerprint: bytes, received: int, form: int = 0) -> RevisionResult:
    """Return what the post changes; a new entry comes in with revision 0 and no content.

    `form` is the version of the parsers and of the canonical form that made the post.
    """
    unseen = not known.hash
    if not unseen and is_stale(known, post, received):
        return RevisionResult(Rule.STALE, known)
    seen = known._replace(
        fingerprint=fingerprint,
        version=_newer_version(known, post),
        updated=max((t for t in (known.updated, micros(post.updated_at)) if t is not None), default=None),
        missing=0,
        form=form,
        post_id=known.post_id or post.id,
    )
    embargo = micros(post.embargo_until) or 0
    if post.gone:
        return _take_back(known, seen, received, State.CANCELED)
    if embargo > received:
        return _hold(known, seen, post, received, embargo)
    if post.status is Status.WITHHELD and not embargo:
        return _take_back(known, seen, received, State.WITHHELD)
    return _show(known, seen, post, received)


def _newer_version(known: Remembered, post: Post) -> str | None:
    return known.version if compare_versions(known.version, post.version) < 0 else post.version or known.version


def _take_back(known: Remembered, seen: Remembered, received: int, state: State) -> RevisionResult:
    gone = seen._replace(state=state, received=received, held_until=None, hash=known.hash or UNHASHED)
    rule = Rule.GONE if state is State.CANCELED else Rule.WITHHELD
    if not known.standing:
        return RevisionResult(rule if known.revision else Rule.GONE_UNSEEN, gone)
    return retract(gone, rule)


def retract(gone: Remembered, rule: Rule) -> RevisionResult:
    """Return the retraction of an entry that readers see."""
    status = Status.CANCELED if gone.state is State.CANCELED else Status.WITHHELD
    empty = Post(id=gone.post_id, status=status)
    return RevisionResult(rule, gone._replace(revision=gone.revision + 1, buried=False), Change.RETRACTED, (), empty)


def _hold(known: Remembered, seen: Remembered, post: Post, received: int, until: int) -> RevisionResult:
    content = hashes(canonical(post))
    held = seen._replace(
        state=State.HELD,
        held_until=until,
        received=received,
        hash=known.hash or UNHASHED,
        content=known.content,
    )
    if known.standing:  # readers saw it: it is retracted until the embargo ends
        return retract(held._replace(**_content(post, content)), Rule.EMBARGO)
    return RevisionResult(Rule.EMBARGO, held._replace(**_content(post, content)))


def release(held: Remembered) -> RevisionResult:
    """Return the publication of an entry whose embargo has ended."""
    post = unpack(held.content).model_copy(update={"status": Status.USABLE})
    shown = held._replace(state=State.USABLE, held_until=None, revision=held.revision + 1)
    if held.revision == 0:
        first = held.first_published or held.held_until
        return RevisionResult(Rule.RELEASED, shown._replace(first_published=first), Change.CREATED, (), post)
    return RevisionResult(Rule.RELEASED, shown, Change.RESTORED, (), post)


def _show(known: Remembered, seen: Remembered, post: Post, received: int) -> RevisionResult:
    post = _with_known_time(known, post)
    content = canonical(post)
    found = hashes(content)
    shown = seen._replace(state=State.USABLE, received=received, held_until=None)
    if known.standing and known.form != seen.form and not is_newer(known, post):
        # Only our parser reads it in another way; the next true edit is compared with this reading.
        again = _content(post.model_copy(update={"status": Status.USABLE}), found)
        return RevisionResult(Rule.READ_ANEW, shown._replace(received=known.received, **again))
    if known.standing and (found[0] == known.hash or (known.skeleton and known.gist == found[1])):
        return RevisionResult(Rule.COSMETIC, shown._replace(received=known.received))
    fields: tuple[str, ...] = ()
    if known.content:
        before = unpack(known.content)
        inferred = TimeBasis.DATE_INFERRED in (before.time_basis, post.time_basis)
        fields = changed_fields(canonical(before), content, inferred=inferred)
    if known.standing and not fields and not known.skeleton:
        return RevisionResult(Rule.COSMETIC, shown._replace(received=known.received))
    shown = shown._replace(
        **_content(post.model_copy(update={"status": Status.USABLE}), found),
        revision=known.revision + 1,
        buried=False,
    )
    post = post.model_copy(update={"status": Status.USABLE, "embargo_until": None})
    if known.standing:
        return RevisionResult(Rule.EDITED, shown, Change.UPDATED, fields, post)
    if known.revision:
        return RevisionResult(Rule.RETURNED, shown, Change.RESTORED, fields, post)
    first = known.first_published or micros(post.published_at) or received
    return RevisionResult(Rule.NEW, shown._replace(first_published=first), Change.CREATED, (), post)


def _content(post: Post, found: tuple[str, bytes]) -> dict[str, Any]:
    """Return an entry's fields for its content, whose hashes were `found`."""
    return {
        "hash": found[0],
        "gist": found[1],
        "content": pack(post),
        "published": micros(displayed(post)),
    }


def _with_known_time(known: Remembered, post: Post) -> Post:
    """Return the post with its former time, if the source no longer shows one."""
    if post.time_basis is not TimeBasis.RECEIVED:
        return post
    if not known.content:
        first = moment(known.first_published)
        return post.model_copy(update={"published_at": first}) if first else post
    before = unpack(known.content)
    return post.model_copy(update={"published_at": before.published_at, "time_basis": before.time_basis})
