"""The same post twice in one document (pinned at the top, repeated in a list) made one."""

from collections.abc import Iterable

from schemas.post import Post, Status


def merge_posts(posts: Iterable[Post]) -> tuple[Post, ...]:
    """Return the posts, each once, at its first place.

    Posts are the same by their id; those without one by time, headline and body. The newest version's content
    counts; flags of any copy count.
    """
    merged: dict[object, Post] = {}
    for post in posts:
        key: object = post.id or (post.published_at, post.headline, post.body_text, post.media, post.embeds)
        known = merged.get(key)
        merged[key] = _newer(known, post) if known else post
    return tuple(merged.values())


def _newer(known: Post, post: Post) -> Post:
    newer = post if _rank(post) > _rank(known) else known
    flags: dict[str, object] = {
        name: True for name in ("key_event", "pinned", "breaking") if getattr(known, name) or getattr(post, name)
    }
    if known.published_at and post.published_at:  # the first publication, whichever copy has it
        flags["published_at"] = min(known.published_at, post.published_at)
    if Status.CANCELED in (known.status, post.status) and _version(known) == _version(post):
        # Of two copies with one time the deleted one is the later.
        flags["status"] = Status.CANCELED
    return newer.model_copy(update=flags)


def _rank(post: Post) -> tuple[float, int]:
    """Return a sort key for versions; of two with one time the longer one wins (a pinned copy may be cut short)."""
    return _version(post), len(post.body_text or "")


def _version(post: Post) -> float:
    time = post.updated_at or post.published_at
    return time.timestamp() if time else 0.0
