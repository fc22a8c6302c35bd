"""Defects that a reader would see in a post, each by a detector that knows nothing of how parsers work.

None of them uses the parsers' own patterns: a mistake shared by a parser and its judge would never show.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from typing import Final

from schemas import Post

_LONG_BODY_CHARS: Final = 1_200
"""The longest paragraph that a collected page marks up as one has 1,124 characters."""
_LONGEST_NAME_WORDS: Final = 6
_ADDRESS: Final = re.compile(r"\S*(?:https?:|www\.|@|[./][a-z]{2,4}/)\S*", re.IGNORECASE)
# A full stop with no white space before the next sentence; "Yahoo.com" and "Node.js" go on in small letters.
_GLUED: Final = re.compile(r"[a-zà-ÿ0-9)\]”\"’]{2}[.!?][”\"’)]?[A-ZÀ-Þ][a-zà-ÿ]+(?=[\s,’'])")
# The end of a quotation glued to what follows, or a small letter to "The".
_GLUED_WORD: Final = re.compile(r"[a-z]{3}[”\"](?=[A-Z][a-z])|[a-z]{4}(?:The|This|That|There|They|And|But|She|When)\b")
_TAG: Final = re.compile(r"</?[a-z][a-z0-9]{0,15}(?:\s[^<>]*)?/?>|<!--", re.IGNORECASE)
_ENTITY: Final = re.compile(
    r"&(?:amp|nbsp|quot|lt|gt|apos|[lr]squo|[lr]dquo|hellip|[mn]dash|#\d{2,5}|#x[0-9a-f]{2,5});", re.IGNORECASE
)
_CODE: Final = re.compile(
    r"\[\[|\]\]|\{\{|\}\}|\[/?(?:caption|gallery|embed|video|vc_|fusion|et_pb)[\s\]_]|\bfunction\s*\(|\bwindow\.\w+|"
    r"document\.\w+\(|\bvar \w+ =|\{\"\w+\":|!important|<\?xml|/\*|adsbygoogle|googletag"
)
_DESK_NOTE: Final = re.compile(
    r"(?m)^\W{0,3}(?:"
    r"\(?(?i:adds?|updates?|corrects?|recasts?|rewrites?|refiles?|repeats?|clarifies)\b"
    r"(?=[^\n]{0,200}(?i:details|paragraph|quotes?\b|comment|background|headline|byline|throughout|with\b))"
    r"[^\n]{0,250}\)"
    r"|(?i:eds|editors|editor's note)\s*[:=].*"
    r"|(?i:attention|note to|achtung|hinweis f\w+).{0,10}(?i:editor|desk|redak).*"
    r"|(?i:embargo(?:ed)?\b.{0,80})"
    r"|\(?(?i:more|mehr|folgt|segue)\)?"
    r"|(?i:by|von|par|di) [A-Z][\w.-]+(?: [A-Z][\w'.-]+){1,3}(?:(?:,| and) .{2,40})?"
    r")$"
)
_ROUTING: Final = re.compile(
    r"(?m)^(?:[A-Z]{2,4}/[A-Z0-9]{2,4}\b.{0,20}|YW\d.*|[A-Z]{3,4}\d{4,}.*|[A-Z]\d{2}-[A-Z]{3,4}.{0,10}"
    r"|[a-z]{2,4}(?:/[a-z]{2,4})+|[A-Z]{2,4}-[A-Z]{2,4}/[A-Z0-9]{2,4}"
    r"|[A-Z]{2,5} [A-Z0-9]{2,4}/[A-Z0-9]{2,4}"
    r"|(?=(?:.*[A-Z]\d){2})[A-Z0-9]{2,10}(?: [A-Z0-9]{2,10}){3,})$"
)
_FURNITURE: Final = re.compile(
    r"(?im)^\W{0,3}(?:share(?: this| on)?(?: (?:article|story|post|page|facebook|twitter|x))?|advertisement|"
    r"read (?:more|also|next)\b.{0,60}|(?:learn|find out) more|(?:click|tap) here.{0,80}|"
    r"subscribe(?: now| to .{0,60})?|sign up .{0,80}|follow us .{0,80}|continue reading.{0,40}|"
    r"(?:leave a |no |view )?comments?|(?:add|post) comment|related(?: (?:articles?|stories|posts?))?:?|copy link|"
    r"loading|"
    r"download (?:the|our) app.{0,60}|more details (?:soon|to follow)|previous|next|back to top|skip to .{0,30}"
    r"|the post .{1,200} (?:appeared )?first .{0,100}"
    r"|(?:bild|foto|photo|picture|image)(?:credit)?\s*:\s*.{0,80})\W{0,4}$"
)
_NO_NAME: Final = re.compile(
    r"(?i)\d|https?:|www\.|\.(?:com|org|net)\b.{0,4}$.|@|[,;:|]|^(?:by|von|di|par|por)\b|"
    r"^(?:admin|staff|editors?|reporter|writer|author|correspondent|web ?desk|news ?desk|desk|team|guest|user)"
    r"(?: (?:admin|staff|editors?|reporter|writer|author|correspondent|desk|team))?$"
    r"|\b(?:correspondent|editor|reporter|writer|producer|journalist|korrespondent|redakteur)s?\b"
)
_SIZE: Final = re.compile(r"[-_.](?:\d{2,4}x\d{2,4}|scaled|large|medium|small|thumb(?:nail)?)(?=\.\w+$)", re.IGNORECASE)
_MAY_BE_EMPTY: Final = frozenset({"td", "th", "br", "hr", "img"})


class _EmptyElements(HTMLParser):
    """Counts elements with neither words nor a picture in them."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "img":
            self._open = [(name, True) for name, _ in self._open]
        elif tag not in _MAY_BE_EMPTY or tag in ("td", "th"):
            self._open.append((tag, False))

    def handle_data(self, data: str) -> None:
        if data.replace("\u200b", "").strip():
            self._open = [(name, True) for name, _ in self._open]

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, full = self._open.pop()
            self.count += not full and name not in _MAY_BE_EMPTY
            if name == tag:
                break


def _letters(text: str | None) -> str:
    return re.sub(r"\W+", "", text or "").casefold()


def glued_sentences(post: Post) -> bool:
    """Whether two sentences stand with nothing between them."""
    text = _ADDRESS.sub(" ", post.body_text or "")
    return bool(_GLUED.search(text) or _GLUED_WORD.search(text))


def empty_elements(post: Post) -> bool:
    """Whether there is an element of the body's HTML in which there is nothing to see."""
    parser = _EmptyElements()
    parser.feed(post.body_html or "")
    parser.close()
    return parser.count > 0


def markup_in_text(post: Post) -> bool:
    """Whether there are tags, entities or code where text should be."""
    said = [
        post.headline,
        post.body_text,
        post.summary,
        *(text for item in post.media for text in (item.caption, item.credit)),
    ]
    return any(text and (_TAG.search(text) or _ENTITY.search(text) or _CODE.search(text)) for text in said)


def no_paragraphs(post: Post) -> bool:
    """Whether a long body is one paragraph."""
    text = post.body_text or ""
    return len(text) > _LONG_BODY_CHARS and "\n" not in text


def body_is_headline(post: Post) -> bool:
    """Whether the body only says the headline again."""
    return bool(_letters(post.body_text)) and _letters(post.body_text) == _letters(post.headline)


def author_is_no_name(post: Post) -> bool:
    """Whether an author is in capitals, a job, a number, an address, or several in one."""
    return any(
        _NO_NAME.search(name)
        or not any(character.isalpha() for character in name)
        or (" " in name and name == name.upper() != name.lower() and max(map(len, name.split())) > 3)
        or (name == name.lower() != name.upper())
        or len(name.split()) > _LONGEST_NAME_WORDS
        for name in post.authors
    )


def media_without_address(post: Post) -> bool:
    """Whether there is a picture or player that nobody could fetch, or of which nothing is said.

    A text's caption of a picture that the document doesn't have is no such thing.
    """
    return any(
        not (item.url or "").startswith(("http://", "https://")) and (item.url or not (item.caption or item.credit))
        for item in post.media
    )


def picture_twice(post: Post) -> bool:
    """Whether one picture is there in two sizes or from two places of the document."""
    urls = [_SIZE.sub("", item.url.partition("?")[0]) for item in post.media if item.url and item.type == "image"]
    names = [url.rpartition("/")[2] for url in urls]
    # Crops of one picture share a long name with its number in it.
    stems = [found[0] for name in names if (found := re.match(r"(?=\D*\d{6}).{30}", name))]
    return any(count > 1 for each in (urls, stems) for count in Counter(each).values())


def desk_note(post: Post) -> bool:
    """Whether a note to desks, a byline or a routing code is a paragraph of the body."""
    text = post.body_text or ""
    return bool(_DESK_NOTE.search(text) or _ROUTING.search(text))


def page_furniture(post: Post) -> bool:
    """Whether a paragraph belongs to the page: sharing, adverts, invitations to read elsewhere."""
    return bool(_FURNITURE.search(post.body_text or ""))


DETECTORS: Final[dict[str, Callable[[Post], bool]]] = {
    "glued sentences": glued_sentences,
    "empty elements in `body_html`": empty_elements,
    "markup or code in text": markup_in_text,
    "long body without paragraphs": no_paragraphs,
    "body = headline": body_is_headline,
    "author is no name": author_is_no_name,
    "media without an http address": media_without_address,
    "one picture twice": picture_twice,
    "desk note in the body": desk_note,
    "page furniture in the body": page_furniture,
}


def count_defects(posts: Iterable[tuple[str, Post]]) -> Counter[str]:
    """Return how many posts have each defect, of posts with their format."""
    return Counter(name for form, post in posts for name, has in DETECTORS.items() if _counts(name, form) and has(post))


def _counts(name: str, form: str) -> bool:
    """Whether a defect counts in a format: what a feed's description says at its end is the feed's own text."""
    return not (name == "page furniture in the body" and form in ("feed", "feed-items"))
