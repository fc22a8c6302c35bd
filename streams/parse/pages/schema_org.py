"""From a schema.org BlogPosting's properties to a post; JSON-LD and microdata share it."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import orjson

from schemas.post import Embed, Media, MediaType, Post
from streams.parse.build import build_post, says_the_same
from streams.parse.html.providers import embed_of, is_social_post
from streams.parse.html.safe import html_to_text
from streams.parse.html.take_apart import take_apart
from streams.parse.items.shape import as_dict, as_list, as_text, first_text
from streams.parse.pages.fuller_text import better_html
from streams.parse.payload.payload import Payload
from streams.parse.payload.pieces import piece_of
from streams.parse.times.moment import Moment
from streams.parse.words.byline import names_in
from streams.parse.words.clean import clean_line, clean_paragraphs
from streams.parse.words.glued import with_parted_sentences

# "19:02(IST) ", "7.05pm BST: ", "19:02 | ": a zone or a mark must follow, as "12:30 deadline passes" is a headline.
_CLOCK: Final = re.compile(
    r"^\s*\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*"
    r"(?:\([A-Z]{2,4}\)|(?:IST|GMT|BST|UTC|CES?T|E[SD]T|P[SD]T|C[SD]T|AE[SD]T|NZ[SD]T|SGT|HKT|JST)\b|(?=[-\u2013|]\s))"
    r"\s*[-\u2013|:]?\s*",
    re.IGNORECASE,
)
_BLOCK: Final = re.compile(r"(?i)<(?:p|br|div|li|h[1-6]|blockquote|table|tr|figure|pre)\b")
_TAG: Final = re.compile(
    r"</?(?:p|br|div|a|b|i|em|strong|span|ul|ol|li|h[1-6]|blockquote|figure|img|iframe|table|script)\b", re.IGNORECASE
)
_PLACEHOLDER: Final = re.compile(r"\[\[(?:[a-z][\w-]*:[^\]\s]*|\([a-z][\w.-]*\)[^\[\]]{0,300})\]\]")


@dataclass(frozen=True)
class Blog:
    """Fields that belong to the page rather than to one of its posts."""

    addresses: frozenset[str] = frozenset()
    headlines: frozenset[str] = frozenset()
    images: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    """The page's own headlines, whether an update repeats them or not."""

    @cached_property
    def piece(self) -> bytes:
        """The digest of these."""
        return piece_of(*(repr(sorted(each)) for each in (self.addresses, self.headlines, self.images, self.own)))


@dataclass(frozen=True, slots=True)
class Update:
    """A BlogPosting's properties, and what the markup adds to them."""

    stated: dict[str, Any]
    body_html: str | None = None
    shown_html: str | None = None
    """The text as the markup shows it, which counts if it is more than the stated one."""
    published: Moment | None = None
    updated: Moment | None = None
    headline: str | None = None
    drop_headline: bool = False
    media: tuple[Media, ...] = ()
    embeds: tuple[Embed, ...] = ()
    authors: tuple[str, ...] | None = None
    """The bylines that the markup shows, where every update states the page's; None where the stated ones count."""
    key_event: bool = False
    piece: bytes = b""
    """Names the markup that all of these were read from; empty if there is none that could be known again."""


def what_is_the_pages(blogs: list[dict[str, Any]], updates: list[dict[str, Any]]) -> Blog:
    """Return the page's own fields, so that no post gets them."""
    many = len(updates) > 1
    headlines = Counter(first_text(update.get("headline")) for update in updates)
    images = Counter(str(update.get("image")) for update in updates if update.get("image"))
    urls = Counter(first_text(update.get("url")) for update in updates)
    own = {text for blog in blogs for name in ("headline", "name") if (text := first_text(blog.get(name)))}
    addresses = {text for blog in blogs for name in ("url", "@id") if (text := first_text(blog.get(name)))}
    return Blog(
        addresses=frozenset(addresses | {url for url, count in urls.items() if url and count == len(updates) > 1}),
        headlines=frozenset(text for text in own if headlines[text] > 1 or not many),
        # A picture without a caption in several updates is the page's placeholder.
        images=frozenset(
            image for image, count in images.items() if many and (count == len(updates) or _stands_in(image, count))
        ),
        own=frozenset(own),
    )


def _stands_in(image: str, count: int) -> bool:
    return count > 1 and "'caption'" not in image


def post_of_update(payload: Payload, update: Update, blog: Blog) -> Post:
    """Return the post that a BlogPosting describes."""
    if not update.piece:
        return _post(payload, update, blog)
    try:
        stated = orjson.dumps(update.stated)
    except TypeError:  # half a character, a number beyond 64 bits
        return _post(payload, update, blog)
    key = piece_of(b"update", stated, update.piece, blog.piece)
    return payload.again(key, lambda: _post(payload, update, blog))


def _post(payload: Payload, update: Update, blog: Blog) -> Post:
    stated = update.stated
    url = first_text(stated.get("url"), as_dict(stated.get("mainEntityOfPage")).get("@id"))
    body = first_text(stated.get("articleBody"), stated.get("text"), stated.get("description")) or ""
    if not _TAG.search(body) and re.search(r"&lt;/?[a-z]", body):
        body = body.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    body = _PLACEHOLDER.sub("", body)
    shown = update.body_html
    if update.shown_html is not None:
        shown = better_html(first_text(stated.get("articleBody")), update.shown_html)
    shown = _PLACEHOLDER.sub("", shown) if shown else None
    html = shown or (_in_paragraphs(body) if _TAG.search(body) else None)
    pieces = take_apart(html) if html else None
    text, embeds = _plain(body) if pieces is None else (None, pieces.embeds)
    headline = update.headline or (
        None if update.drop_headline else _headline(first_text(stated.get("headline"), stated.get("name")), blog)
    )
    if says_the_same(text, headline):
        text = None
    return build_post(
        payload,
        id=_id(stated, url, blog),
        url=url,
        published=update.published
        or first_text(stated.get("datePublished"), stated.get("dateCreated"), stated.get("dateModified")),
        updated=update.updated or (None if update.published else first_text(stated.get("dateModified"))),
        headline=headline,
        body_html=pieces.html if pieces else None,
        body_text=text,
        authors=_authors(stated.get("author") or stated.get("creator")) if update.authors is None else update.authors,
        media=_merged((*update.media, *(pieces.media if pieces else ())), _media(stated, blog)),
        embeds=_each_once((*embeds, *_shared(stated), *update.embeds)),
        key_event=update.key_event,
        language=_language(stated),
    )


def _in_paragraphs(html: str) -> str:
    """Mark paragraphs up in HTML that has none and parts them by line breaks, as plain text does."""
    if "\n" not in html.strip() or _BLOCK.search(html):
        return html
    parts = re.split(r"\n\s*\n" if re.search(r"\n\s*\n", html) else r"\n", html)
    return "".join(f"<p>{part}</p>" for part in parts)


def _id(stated: dict[str, Any], url: str | None, blog: Blog) -> str | None:
    named = as_text(stated.get("@id"))
    if named and named not in blog.addresses:
        return named
    if not url or url in blog.addresses:
        return None
    try:
        return unquote(urlsplit(url).fragment) or url
    except ValueError:
        return url


def _headline(stated: str | None, blog: Blog) -> str | None:
    if not stated or stated in blog.headlines:
        return None
    line = html_to_text(stated) if _TAG.search(stated) else stated
    return _CLOCK.sub("", line, count=1).strip() or None


def _plain(body: str) -> tuple[str | None, tuple[Embed, ...]]:
    """Return plain text and the social posts whose bare address is a line of it."""
    lines, embeds = [], []
    for line in clean_paragraphs(body).split("\n"):
        if is_social_post(line):
            embeds.append(embed_of(line))
        else:
            lines.append(line)
    text = with_parted_sentences("\n".join(lines))
    # Where no line is blank, each line is a paragraph.
    return (text if "\n\n" in text else text.replace("\n", "\n\n")) or None, tuple(embeds)


def _authors(value: Any) -> tuple[str, ...]:
    names: list[str] = []
    for author in as_list(value):
        name = first_text(author) or first_text(as_dict(author).get("name"), *as_list(as_dict(author).get("name"))[:1])
        if not name or name.startswith(("http://", "https://")):
            continue
        names.extend([name] if "Organization" in str(as_dict(author).get("@type")) else names_in(name))
    return tuple(clean_line(name) for name in names)


def _media(stated: dict[str, Any], blog: Blog) -> tuple[Media, ...]:
    found: dict[str, Media] = {}
    if str(stated.get("image")) not in blog.images:
        for image in as_list(stated.get("image")):
            _add(found, image, MediaType.IMAGE)
    for name, kind in (("video", MediaType.VIDEO), ("audio", MediaType.AUDIO)):
        for item in as_list(stated.get(name)):
            _add(found, item, kind)
    return tuple(found.values())


def _add(found: dict[str, Media], item: Any, kind: MediaType) -> None:
    stated = as_dict(item)
    url = first_text(item, stated.get("contentUrl"), stated.get("url"), stated.get("embedUrl"), stated.get("@id"))
    title = stated.get("name") if kind is not MediaType.IMAGE else None
    caption = first_text(stated.get("caption"), stated.get("description"), title)
    credit = first_text(
        stated.get("creditText"), as_dict(stated.get("author")).get("name"),
        as_dict(stated.get("copyrightHolder")).get("name"), as_dict(stated.get("creator")).get("name"),
    )  # fmt: skip
    if url and url.startswith(("http://", "https://", "//")):
        # One picture is often given in several crops, under the same caption.
        found.setdefault(
            f"{kind} {caption or url}",
            Media(
                type=kind,
                url=f"https:{url}" if url.startswith("//") else url,
                caption=clean_line(caption) if caption else None,
                credit=clean_line(credit) if credit else None,
            ),
        )


def _merged(shown: tuple[Media, ...], stated: tuple[Media, ...]) -> tuple[Media, ...]:
    """Return the shown media and those that are only stated; media with the same caption are the same."""
    captions = {item.caption for item in shown if item.caption}
    return (*shown, *(item for item in stated if item.caption not in captions))


def _each_once(embeds: tuple[Embed, ...]) -> tuple[Embed, ...]:
    """Return the embeds, each address once and with the text that any of them has."""
    found: dict[str, Embed] = {}
    for place, embed in enumerate(embeds):
        key = embed.url or str(place)
        known = found.get(key)
        if known is None or (embed.text and not known.text):
            found[key] = embed
    return tuple(found.values())


def _shared(stated: dict[str, Any]) -> tuple[Embed, ...]:
    shared = [as_dict(item) for item in as_list(stated.get("sharedContent"))]
    return tuple(embed_of(url, first_text(item.get("headline"), item.get("text"))) for item in shared
                 if (url := first_text(item.get("url"))))  # fmt: skip


def _language(stated: dict[str, Any]) -> str | None:
    language = stated.get("inLanguage")
    name = first_text(language, as_dict(language).get("alternateName"))
    return name if name and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", name) else None
