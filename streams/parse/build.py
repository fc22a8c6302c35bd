"""From a source's fields to a post: all formats' fields are cleaned here in one way."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from schemas.model import Model
from schemas.post import Embed, Kind, Media, Post, Status, TimeBasis
from streams.exceptions import ParseError
from streams.parse.html.safe import html_to_text, links_of, safe_html
from streams.parse.html.web_address import identifier, web_address, with_web_addresses
from streams.parse.items.shown_media import shown_media
from streams.parse.payload.payload import Payload
from streams.parse.times.moment import Moment, read_time
from streams.parse.words.clean import clean_line, clean_paragraphs, whole_characters
from streams.parse.words.person import person_name
from streams.parse.words.pointers import without_pointers

_LINES = ("headline", "id", "url", "version", "language", "slugline", "editorial_note", "dateline", "usage_terms")
_LONGEST_CHARS: Final = {"id": 4_000, "url": 4_000, "version": 1_000, "language": 100}
"""For identities and fields that nobody reads: memory keeps them as long as the entry."""
_SHORT_CHARS: Final = min(_LONGEST_CHARS.values())
_LONGEST_POST_CHARS: Final = 2_500_000
"""Of all texts of a post: the entry must fit into a Kafka message."""
_JSON_CHARS: Final = 40
"""What JSON's names and marks add to a value in a list, at the least."""
_LONGEST_ADDRESS_CHARS: Final = 8_000
"""Of addresses inside a post: `data:` addresses hold whole pictures."""


def build_post(  # noqa: PLR0913  (a post's fields, by name)
    payload: Payload,
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
    verbatim: bool = False,
    **fields: Any,
) -> Post:
    """Return a post of cleaned fields.

    `published` and `updated` are what the source wrote (text, a number of seconds, an aware time, a `Moment`);
    `body_html` is sanitised and, without a `body_text`, gives it, with its links. `verbatim` keeps authors
    and a body that repeats the headline as they are: a producer's own fields. Other fields are Post's own.
    Raises `ParseError` for a post with nothing in it that is not gone, and for a field of a wrong type.
    """
    moment = published if isinstance(published, Moment) else read_time(published, payload)
    changed = updated if isinstance(updated, Moment) else read_time(updated, payload)
    if moment is None:  # a post without a date takes the document's
        moment = Moment(payload.received_at, TimeBasis.RECEIVED)
    body_html = whole_characters(body_html) if body_html else None
    html = safe_html(body_html) if body_html else None
    linked = links if links is not None else links_of(html) if html else ()
    text = _plain(body_text, body_html)
    base = payload.document.url
    if body_text is None and not verbatim and says_the_same(text, fields.get("headline")):
        text = html = None  # a link under the headline of the story it leads to
    values: dict[str, Any] = {
        **{
            name: clean_line(value) if name in _LINES and isinstance(value, str) else _whole(value)
            for name, value in fields.items()
        },
        "published_at": moment.at,
        "time_basis": moment.basis,
        "updated_at": changed.at if changed else None,
        "body_html": html,
        "body_text": text,
        "summary": clean_paragraphs(summary) if isinstance(summary, str) else summary,
        "authors": _names(authors, verbatim=verbatim or fields.get("kind") == Kind.COMMENT),
        "media": with_web_addresses([_shown(each) for each in media], base),
        "embeds": with_web_addresses([_shown(each) for each in embeds], base),
        "links": _links(linked, base),
        "status": status,
        "language": fields.get("language") or payload.source.language,
    }
    if isinstance(written := values.get("url"), str):
        values["url"] = web_address(written, base)
        # It may still identify the post.
        if values["url"] is None and not values.get("id") and (name := identifier(written)):
            _check_length("url", name, payload)  # the error names the field that the source wrote
            values["id"] = name
    try:
        post = Post.model_validate({name: value for name, value in values.items() if value not in (None, "")})
    except ValidationError as error:
        raise ParseError(_said(error)) from error
    if post.media:
        post = post.model_copy(update={"media": shown_media(post.media)})
    if post.status is Status.USABLE and not (post.headline or post.body_text or post.media or post.embeds):
        raise ParseError("the post is empty: it has no headline, body, media or embed")
    _check_lengths(post, payload)
    return post


def _check_lengths(post: Post, payload: Payload) -> None:
    """Refuse a field that is too long for what it is, and a post that is too long in all for a message."""
    total = 0
    longest = payload.limits.max_text
    for name, value in post.__dict__.items():
        if isinstance(value, str):
            total += len(value)
            if len(value) > _SHORT_CHARS or len(value) > longest:
                _check_length(name, value, payload)
        elif value and isinstance(value, tuple):
            total += sum(_length(each) for each in value)
    if total > _LONGEST_POST_CHARS:
        raise ParseError(f"the post has {total:,} characters; at most {_LONGEST_POST_CHARS:,} are read")


def _check_length(name: str, value: str, payload: Payload) -> None:
    longest = payload.limits.max_text
    if len(value) > (most := min(longest, _LONGEST_CHARS.get(name, longest))):
        raise ParseError(f"{name} has {len(value):,} characters; at most {most:,} are read")


def _length(value: object) -> int:
    if isinstance(value, str):
        return len(value) + _JSON_CHARS
    if isinstance(value, Model):
        return sum(len(each) for _, each in value if isinstance(each, str)) + _JSON_CHARS
    return _JSON_CHARS


def _whole(value: Any) -> Any:
    """Return a value of a field, or of a part of one, whose texts UTF-8 can hold."""
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, Mapping):
        return {name: _whole(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_whole(each) for each in value)
    if isinstance(value, Model):
        broken = {name: whole_characters(each) for name, each in value if isinstance(each, str) and not each.isascii()}
        return value.model_copy(update=broken) if broken else value
    return value


def _shown(value: Mapping[str, Any] | Model) -> Any:
    """Return a media item or an embed; if its address is far too long, only its words are kept."""
    whole = _whole(value)
    url = whole.get("url") if isinstance(whole, Mapping) else getattr(whole, "url", None)
    if not isinstance(url, str) or len(url) <= _LONGEST_ADDRESS_CHARS:
        return whole
    return {**(whole if isinstance(whole, Mapping) else dict(whole)), "url": None}


def _plain(text: str | None, html: str | None) -> str | None:
    """Return the body as text; from the source's own HTML, for sanitising takes buttons away and leaves their words."""
    if text is not None:
        return clean_paragraphs(text)
    return without_pointers(html_to_text(html)) if html else None


def _links(links: Iterable[Any], base: str | None) -> tuple[Any, ...]:
    """Return the web addresses among links, each once; what is not text stays, so that validation reports it."""
    found = (web_address(whole_characters(link), base) if isinstance(link, str) else link for link in links)
    short = (link for link in found if not isinstance(link, str) or len(link) <= _LONGEST_ADDRESS_CHARS)
    return tuple(dict.fromkeys(link for link in short if link))


def says_the_same(text: str | None, headline: object) -> bool:
    """Whether a body only repeats the headline, whatever its case and punctuation."""
    if not text or not isinstance(headline, str) or len(text) > 2 * len(headline):
        return False
    return _letters(text) == _letters(headline)


def _letters(text: str) -> str:
    return "".join(character for character in clean_line(text).casefold() if character.isalnum())


def _names(authors: Iterable[str | None], *, verbatim: bool) -> tuple[str, ...]:
    """Return the authors' names, each once; readers, who comment, may call themselves what they like."""
    cleaned = [clean_line(author) for author in authors if isinstance(author, str)]
    named = cleaned if verbatim else [person_name(author) for author in cleaned]
    return tuple(dict.fromkeys(author for author in named if author))


def _said(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'post'}: {problem['msg']}, found {str(problem['input'])[:80]!r}"
        for problem in error.errors(include_url=False)[:5]
    )
