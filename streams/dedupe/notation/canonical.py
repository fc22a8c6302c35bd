"""A post's visible content in one form: two ways to write the same compare as equal.

White space, entities, mojibake, the style of quotation marks, zone notation, tracking parameters and the order of
media are no content; neither are `updated_at`, `version` and `time_basis`, which say nothing to a reader.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from html import unescape
from typing import Any, Final

import ftfy

from schemas.post import Post, TimeBasis
from streams.dedupe.notation.address import canonical_file, canonical_url
from streams.dedupe.notation.instant import DAY_MICROS, at
from streams.dedupe.notation.typography import plain

_MOJIBAKE: Final = re.compile("[\u00c2\u00c3\u00e2\u00ef\u20ac\ufffd\u0102\u00d0\u00d1]")
_DOUBTFUL: Final = re.compile("[^\x00-\x7f]{2}|[\x80-\x9f\u0152\u0153]|[\u00c2\u00c3] ")
"""What ftfy calls mojibake has one of these in it: a euro sign or a French name alone is none, and costs 400 us."""
_LONGEST_MENDED_CHARS: Final = 50_000
"""Repairing costs 2 s for 1 MB of it; the longest collected post has 13,104 characters."""
_TAG: Final = re.compile(r"<[^>]*>")
_SOURCE: Final = re.compile(r"""(?i)\bsrc=["']([^"']+)""")


def canonical_text(text: str) -> str:
    """Return text without white space and with one notation of each character."""
    if "&" in text:
        text = unescape(unescape(text))
    if not text.isascii():
        if len(text) <= _LONGEST_MENDED_CHARS and _MOJIBAKE.search(text) and _DOUBTFUL.search(text):
            text = ftfy.fix_encoding(text)
        text = plain(unicodedata.normalize("NFC", text))
    else:
        text = text.replace("`", "'")
    return "".join(text.replace("''", '"').split())


def _html(html: str) -> str:
    said = canonical_text(_TAG.sub("", html))
    if "=" not in html:  # most posts have no attribute at all, and the search for one takes longer than all the rest
        return said
    return said + "".join([f"[{canonical_file(unescape(source))}]" for source in _SOURCE.findall(html)])


def _maybe(text: str | None) -> str:
    return canonical_text(text) if text else ""


def _media(media: tuple[Any, ...]) -> tuple[tuple[str, ...], ...]:
    seen = {
        (str(m.type), canonical_file(m.url or ""), _maybe(m.caption), _maybe(m.credit), _maybe(m.alt)) for m in media
    }
    return tuple(sorted(seen))


def _embeds(embeds: tuple[Any, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted({(_maybe(e.provider).lower(), canonical_url(e.url or ""), _maybe(e.text)) for e in embeds}))


def _subjects(subjects: tuple[Any, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted({(_maybe(s.name), s.code or "", s.scheme or "") for s in subjects}))


_FORMS: Final[dict[str, Callable[[Any], Any]]] = {
    "url": canonical_url,
    "published_at": at,
    "headline": canonical_text,
    "body_text": canonical_text,
    "body_html": _html,
    "summary": canonical_text,
    "authors": lambda names: tuple(map(canonical_text, names)),
    "media": _media,
    "embeds": _embeds,
    "links": lambda links: tuple(sorted(set(map(canonical_url, links)))),
    "key_event": bool,
    "pinned": bool,
    "breaking": bool,
    "language": str.lower,
    "kind": str,
    "subjects": _subjects,
    "urgency": int,
    "dateline": canonical_text,
    "usage_terms": canonical_text,
}
VISIBLE: Final = tuple(_FORMS)
CANONICAL_FORM: Final = 1
"""One more whenever the canonical form of any post changes: then entries take their new one over silently."""

_NO_GIST: Final = frozenset({"published_at", "language"})

Canonical = Mapping[str, Any]


def canonical(post: Post) -> Canonical:
    """Return the canonical form of each visible field that the post has."""
    found = post.__dict__
    forms = {name: form(value) for name, form in _FORMS.items() if (value := found.get(name))}
    if found.get("time_basis") is TimeBasis.RECEIVED:  # the time of the poll, not the source's
        forms.pop("published_at", None)
    return {name: value for name, value in forms.items() if value}


def hashes(content: Canonical) -> tuple[str, bytes]:
    """Return two hashes of canonical content, the same on every machine: of all of it, and of its gist.

    The gist is shorter and leaves out the time and the language, which may change and be no news.
    """
    fields = {name: repr((name, content[name])) for name in sorted(content)}
    gist = [shown for name, shown in fields.items() if name not in _NO_GIST]
    return (
        blake2b(_listed(fields.values()), digest_size=16).hexdigest(),
        blake2b(_listed(gist), digest_size=8).digest(),
    )


def _listed(fields: Iterable[str]) -> bytes:
    return f"[{', '.join(fields)}]".encode(errors="surrogatepass")


def changed_fields(old: Canonical, new: Canonical, *, inferred: bool = False) -> tuple[str, ...]:
    """Return the names of the fields whose visible content differs.

    `inferred`: the source gave no date, so that the date in `published_at` is a guess.
    """
    names = [name for name in VISIBLE if old.get(name) != new.get(name)]
    return tuple(name for name in names if not _no_news(name, old.get(name), new.get(name), inferred=inferred))


def _no_news(name: str, old: Any, new: Any, *, inferred: bool) -> bool:
    if name == "published_at":  # the source dropped the time, or its date was guessed again after midnight
        return old is None or new is None or (inferred and (old - new) % DAY_MICROS == 0)
    return name == "language" and (old is None or new is None)


def displayed(post: Post) -> datetime | None:
    """Return the time that the source shows, or None if it shows no time."""
    return None if post.time_basis is TimeBasis.RECEIVED else post.published_at
