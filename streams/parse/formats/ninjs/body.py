"""The text of a ninjs item: `body_*` and `description_*` of 1.x, `bodies` and `descriptions` of 2.x and 3.x."""

import re
from html import unescape
from typing import Any

from streams.parse.html.safe import html_to_text
from streams.parse.items.shape import each_object, line_in
from streams.parse.words.clean import clean_line

_LEADS = ("lead", "text", "summary", "abstract", "")
_NOT_LEADS = ("caption", "creditline", "writer")
_ANY_TAG = re.compile(r"<[^<>]*>")
_TOP_CHARS = 5_000  # characters in which a heading is on top
_TOP_HEADING = re.compile(r"(?is)<h1[^>]{0,200}>(.{0,500}?)</h1>")


def read_body(item: dict[str, Any], headline: str | None = None) -> tuple[str | None, str | None]:
    """Return HTML, else plain text; HTML has the paragraphs that some senders' plain text lost.

    Where the HTML is a whole page with the headline in it, both are returned: the plain text is the body alone.
    """
    html = line_in(item, "body_html", "body_xhtml", "body_html5")
    plain = line_in(item, "body_text")
    for each in each_object(item.get("bodies")):
        value = line_in(each, "value")
        kind = f"{each.get('role')} {each.get('contentType') or each.get('contenttype')}".lower()
        if value is None or "nitf" in kind:
            continue
        if "html" in kind:
            html = html or value
        else:
            plain = plain or value
    if html and _has_words(html):
        if repeated := _repeats_headline(html, headline):
            return html[: repeated.start()] + html[repeated.end() :], plain
        return html, None
    return None, plain


def read_descriptions(item: dict[str, Any]) -> str | None:
    """Return the item's description, without captions and credits."""
    if text := line_in(item, "description_text", "description_summary", "headline_extended"):
        return text
    if html := line_in(item, "description_html", "description_xhtml", "abstract"):
        return html_to_text(html)
    said = [each for each in each_object(item.get("descriptions")) if line_in(each, "value")]
    said = [each for each in said if str(each.get("role") or "").lower() not in _NOT_LEADS]
    said.sort(key=lambda each: _rank(str(each.get("role") or "").lower()))
    if not said:
        return None
    value = line_in(said[0], "value") or ""
    return html_to_text(value) if "html" in str(said[0].get("contentType") or said[0].get("contenttype")) else value


def _has_words(html: str) -> bool:
    return bool(unescape(_ANY_TAG.sub("", html)).strip())


def _rank(role: str) -> int:
    return _LEADS.index(role) if role in _LEADS else len(_LEADS)


def _repeats_headline(html: str, headline: str | None) -> re.Match[str] | None:
    """Return the top heading of HTML that repeats the headline, or None."""
    found = _TOP_HEADING.search(html, 0, _TOP_CHARS) if headline else None
    return found if found and html_to_text(found[1]) == clean_line(headline or "") else None
