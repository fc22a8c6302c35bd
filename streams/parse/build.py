"""From what a format says to a post: every parser's fields come together here and are cleaned one way."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from schemas.post import Embed, Media, Post, Status, TimeBasis
from streams.exceptions import ParseError
from streams.parse.content import Content
from streams.parse.html import html_to_text, links_of, safe_html
from streams.parse.pointers import without_pointers
from streams.parse.text import clean_line, clean_paragraphs
from streams.parse.time import Moment, read_time
from streams.parse.web_address import identifier, web_address, with_web_addresses

_LINES = ("headline", "id", "url", "version", "language")


def build_post(  # noqa: PLR0913  (a post's fields, by name)
    content: Content,
    *,
    published: object = None,
    updated: object = None,
    body_html: str | None = None,
    body_text: str | None = None,
    summary: str | None = None,
    authors: Iterable[str | None] = (),
    media: Iterable[Mapping[str, Any] | Media] = (),
    embeds: Iterable[Mapping[str, Any] | Embed] = (),
    links: Iterable[str] | None = None,
    status: Status = Status.USABLE,
    **fields: Any,
) -> Post:
    """Return a post of cleaned fields.

    `published` and `updated` are what the source wrote (text, a number of seconds, an aware time, a `Moment`);
    `body_html` is sanitised and, without a `body_text`, gives it, with its links. Other fields are Post's own.
    Raises `ParseError` for a post with nothing in it that is not gone, and for a field of a wrong type.
    """
    moment = published if isinstance(published, Moment) else read_time(published, content)
    changed = updated if isinstance(updated, Moment) else read_time(updated, content)
    if moment is None:  # a post without a date takes the document's
        moment = Moment(content.document.received_at, TimeBasis.RECEIVED)
    html = safe_html(body_html) if body_html else None
    text = _plain(body_text, body_html)
    base = content.document.url
    values: dict[str, Any] = {
        **{
            name: clean_line(value) if name in _LINES and isinstance(value, str) else value
            for name, value in fields.items()
        },
        "published_at": moment.at,
        "time_basis": moment.basis,
        "updated_at": changed.at if changed else None,
        "body_html": html,
        "body_text": text,
        "summary": clean_paragraphs(summary) if isinstance(summary, str) else summary,
        "authors": _names(authors),
        "media": with_web_addresses(media, base),
        "embeds": with_web_addresses(embeds, base),
        "links": _links(links if links is not None else links_of(html) if html else (), base),
        "status": status,
        "language": fields.get("language") or content.source.language,
    }
    if isinstance(written := values.get("url"), str):
        values["url"] = web_address(written, base)
        # It may still be what tells the post from others.
        values["id"] = values.get("id") or (identifier(written) if values["url"] is None else None)
    try:
        post = Post.model_validate({name: value for name, value in values.items() if value not in (None, "")})
    except ValidationError as error:
        raise ParseError(_said(error)) from error
    if post.status is Status.USABLE and not (post.headline or post.body_text or post.media or post.embeds):
        raise ParseError("the post is empty: it has no headline, body, media or embed")
    for name in ("headline", "body_text", "body_html"):
        if len(getattr(post, name) or "") > content.limits.max_text:
            raise ParseError(f"{name} is longer than {content.limits.max_text:,} characters")
    return post


def _plain(text: str | None, html: str | None) -> str | None:
    """Return the body as text; from the source's own HTML, for sanitising takes buttons away and leaves their words."""
    if text is not None:
        return clean_paragraphs(text)
    return without_pointers(html_to_text(html)) if html else None


def _links(links: Iterable[Any], base: str | None) -> tuple[Any, ...]:
    found = (web_address(link, base) if isinstance(link, str) else link for link in links)
    return tuple(dict.fromkeys(link for link in found if link))


def _names(authors: Iterable[str | None]) -> tuple[str, ...]:
    cleaned = (clean_line(author) for author in authors if isinstance(author, str))
    return tuple(dict.fromkeys(author for author in cleaned if author))


def _said(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'post'}: {problem['msg']}, found {str(problem['input'])[:80]!r}"
        for problem in error.errors(include_url=False)[:5]
    )
