"""A post's HTML in pieces: its own text, its pictures and players, and embedded posts; adverts and widgets go."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.post import Embed, Media, MediaType
from streams.parse.html.providers import embed_of, is_social_post
from streams.parse.payload.depth import check_html_depth
from streams.parse.words.agencies import names_agency
from streams.parse.words.clean import clean_line


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a post's HTML consists of."""

    html: str
    """The text's own HTML, without what follows here."""
    media: tuple[Media, ...] = ()
    embeds: tuple[Embed, ...] = ()


_TELLING: Final = re.compile(
    r"<(?:figure|img|iframe|blockquote|video|audio|amp-|aside|div|section|ul|script)\b", re.IGNORECASE
)
_SOCIAL_QUOTE: Final = {
    "twitter-tweet": "twitter", "twitter-video": "twitter", "instagram-media": "instagram", "tiktok-embed": "tiktok",
    "bluesky-embed": "bluesky", "text-post-media": "threads", "fb-post": "facebook", "fb-video": "facebook",
    "reddit-card": "reddit", "reddit-embed-bq": "reddit", "imgur-embed-pub": "imgur",
}  # fmt: skip
_NO_CONTENT: Final = re.compile(
    r"(?:^|\s)(?:ads?|advert\w*|ad-?slot\S*|ad-?unit\S*|\S*-advert\S*|share|sharing|share[-_]\S+|social-?(?:share|links|bar)\S*"
    r"|\S+-share|pst_scl|newsletter\S*|\S*-newsletter\S*|related(?:-\S*)?|read-?more\S*|promo(?:-\S*)?"
    r"|inline-article(?:__\S*)?|inline-video__title|factbox\S*|screen-reader-text|visually-?hidden|sr-only)(?=\s|$)",
    re.IGNORECASE,
)
_CREDIT_NODES: Final = (
    '.credit, .copyright, .source, [class*="credit"], [class*="copyright"], [itemprop="copyrightHolder"]'
)
_CREDIT: Final = re.compile(
    r"\s*(?:\((?P<named>[^()]{2,80})\)"
    r"|(?:Photograph|Photo|Picture|Image|Credit|Foto|Pic)(?: credit)?:\s*(?P<said>[^:]{2,120}))\s*$"
)
_CREDIT_LABEL: Final = re.compile(r"(?i)^\(?(?:image |photo |picture )?credits?\s?(?:\.{3}|\u2026|:)\s?")
_SMALLEST_PIXELS: Final = 60
"""Smaller pictures are counters or ornaments."""


def take_apart(html: str) -> Pieces:
    """Return the pieces of a post's HTML; order within each kind is kept.

    Raises `ParseError` when it is nested too deep.
    """
    if not _TELLING.search(html) and not _has_address(html.lower()):
        return Pieces(html)
    check_html_depth(html)
    body = LexborHTMLParser(html).body
    if body is None:
        return Pieces(html)
    drop_no_content(body)
    embeds = [*_social_quotes(body), *_players(body), *_empty_boxes(body), *_bare_addresses(body)]
    media = [*_figures(body), *_loose(body)]
    body.unwrap_tags(["font"])
    return Pieces(body.inner_html or "", tuple(media), tuple(embeds))


def _has_address(lowered: str) -> bool:
    return "http:" in lowered or "https:" in lowered


def drop_no_content(body: LexborNode) -> None:
    """Remove adverts, share widgets and invitations to read elsewhere."""
    named = [node for node in body.css("[class]") if _NO_CONTENT.search(node.attributes.get("class") or "")]
    for node in outermost([*named, *body.css("button, form, input, select, textarea, style, noscript, template, svg")]):
        node.decompose()


def split_credit(caption: str | None) -> tuple[str | None, str | None]:
    """Return a caption without the credit at its end, and the credit."""
    line = clean_line(caption) if caption else ""
    found = _CREDIT.search(line)
    if found and (found["said"] or names_agency(found["named"])):
        return line[: found.start()].strip() or None, (found["said"] or found["named"]).strip()
    return line or None, None


def _social_quotes(body: LexborNode) -> Iterable[Embed]:
    found = body.css("blockquote[class], div.fb-post, div.fb-video, div.twitter-tweet, amp-twitter, twitter-widget")
    for node in outermost([node for node in found if node.tag != "blockquote" or _social_name(node)]):
        provider = _social_name(node)
        if node.tag in ("amp-twitter", "twitter-widget"):
            number = node.attributes.get("data-tweetid") or node.attributes.get("data-tweet-id")
            yield embed_of(f"https://twitter.com/i/status/{number}" if number else None, provider="twitter")
        elif provider:
            links = [href for a in node.css("a[href]") if (href := a.attributes.get("href"))]
            stated = (
                node.attributes.get("data-href") or node.attributes.get("data-instgrm-permalink")
                or node.attributes.get("cite") or next((link for link in reversed(links) if is_social_post(link)), None)
                or (links[-1] if links else None)
            )  # fmt: skip
            said = clean_line(" ".join(p.text() for p in node.css("p"))) or clean_line(node.text())
            yield embed_of(stated, said, provider)
        else:
            continue
        node.decompose()


def _players(body: LexborNode) -> Iterable[Embed]:
    for node in outermost(
        body.css("iframe, amp-youtube, amp-iframe, amp-instagram, amp-facebook, amp-brightcove, object, embed")
    ):
        address = next(
            (
                url
                for name in ("src", "data-src", "data-lazy-src", "data-href", "data")
                if (url := node.attributes.get(name))
            ),
            None,
        )
        if node.tag == "amp-youtube" and (video := node.attributes.get("data-videoid")):
            address = f"https://www.youtube.com/watch?v={video}"
        if node.tag == "amp-instagram" and (shortcode := node.attributes.get("data-shortcode")):
            address = f"https://www.instagram.com/p/{shortcode}/"
        if address and address.startswith(("http://", "https://", "//")):
            yield embed_of(address)
        node.decompose()


def _empty_boxes(body: LexborNode) -> Iterable[Embed]:
    """Find empty elements that name a social post, for the page's script to show it there."""
    for node in outermost(body.css("[data-url], [data-href], [data-embed-url], [data-tweet-url]")):
        names = ("data-url", "data-href", "data-embed-url", "data-tweet-url")
        address = next((url for name in names if is_social_post(url := node.attributes.get(name) or "")), None)
        if address and not (node.text() or "").strip():
            yield embed_of(address)
            node.decompose()


def _bare_addresses(body: LexborNode) -> Iterable[Embed]:
    """Find paragraphs that are the address of a social post: the page's script shows the post instead."""
    for node in outermost([node for node in body.css("p, div") if is_social_post((node.text() or "").strip())]):
        if line := (node.text() or "").strip():
            yield embed_of(line)
            node.decompose()
    if is_social_post(line := (body.text() or "").strip()):
        yield embed_of(line)
        body.inner_html = ""


def _figures(body: LexborNode) -> Iterable[Media]:
    for figure in outermost(body.css("figure")):
        captions = figure.css("figcaption")
        credit = next((clean_line(node.text()) for caption in captions for node in caption.css(_CREDIT_NODES)), None)
        caption: str | None = clean_line(" ".join(node.text() for node in captions)) or None
        if caption and credit and credit in caption:
            caption = caption.replace(credit, "").strip(" |-\u2013\u2014") or None
            credit = _CREDIT_LABEL.sub("", credit) or None
        elif caption:
            caption, credit = split_credit(caption)
        found = [media_of(node) for node in figure.css("img, amp-img, video, amp-video, audio")]
        for media in [item for item in found if item][: 1 if caption else None]:
            yield media.model_copy(update={"caption": caption, "credit": credit.strip("() ") if credit else None})
        if not figure.css_first("blockquote, table") or any(found):  # WordPress wraps quotes and tables in figures too
            figure.decompose()


def _loose(body: LexborNode) -> Iterable[Media]:
    for node in outermost(body.css("img, amp-img, video, amp-video, audio")):
        media, beneath = media_of(node), _caption_beneath(node)
        if beneath is not None:
            caption, credit = split_credit(beneath.text())
            beneath.decompose()
            if media:
                media = media.model_copy(update={"caption": media.caption or caption, "credit": media.credit or credit})
        if media:
            yield media
        node.decompose()


def _caption_beneath(node: LexborNode) -> LexborNode | None:
    """Return the small print right after a picture, which is its caption where there is no figure."""
    after = node.next
    while after is not None and (
        after.tag == "br" or (after.tag == "-text" and not (after.text_content or "").strip())
    ):
        after = after.next
    return after if after is not None and after.tag in ("sup", "small", "figcaption") else None


def media_of(node: LexborNode) -> Media | None:
    """Return the picture or player that an element shows, unless it is a pixel or a placeholder."""
    inner = node.css_first("source[src]")
    names = ("src", "data-src", "data-lazy-src", "data-original", "content")
    candidates = [node.attributes.get(name) for name in names] + ([inner.attributes.get("src")] if inner else [])
    url = next((u for u in candidates if u and u.startswith(("http://", "https://", "//", "/"))), None)
    sizes = [size for name in ("width", "height") if (size := node.attributes.get(name) or "").isdecimal()]
    if not url or any(int(size[:6]) < _SMALLEST_PIXELS for size in sizes):
        return None
    kind = {"video": MediaType.VIDEO, "amp-video": MediaType.VIDEO, "audio": MediaType.AUDIO}.get(node.tag or "")
    alt = clean_line(node.attributes.get("alt") or "") or None
    said, credit = (clean_line(node.attributes.get(name) or "") or None for name in ("caption", "copyright"))
    return Media(
        type=kind or MediaType.IMAGE,
        url=f"https:{url}" if url.startswith("//") else url,
        caption=said,
        credit=credit,
        alt=alt or clean_line(node.attributes.get("alttext") or "") or None,
    )


def _social_name(node: LexborNode) -> str | None:
    names = (node.attributes.get("class") or "").split()
    return next((_SOCIAL_QUOTE[name] for name in names if name in _SOCIAL_QUOTE), None)


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Leave out what stands inside another of the nodes: a removed element takes its children's memory with it."""
    ids = {node.mem_id for node in nodes}
    kept: dict[int, LexborNode] = {}
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in ids:
            above = above.parent
        if above is None:
            kept.setdefault(node.mem_id, node)
    return list(kept.values())
