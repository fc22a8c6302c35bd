"""Posts of collected files as a person reads their source: by each publisher's own markup, with another library.

For each file somebody looked at the page and wrote down where it has headline, text, byline and pictures; nothing
here knows how the parsers find them. That is the independent truth for these files (docs/formats.md).
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree
from lxml import html as pages

from tests.unit.parse.agency_samples import REAL

Node = etree._Element
CORK, NYT = "jsonld-html/corkbeo-level3-2020-10-06", "jsonld-html/nytimes-business-live-2020-09"
INDIA, ROME = "jsonld-html/timesofindia-ipl-2020-10-02", "jsonld-html/repubblica-israele-hamas-2023-11-02"


@dataclass(frozen=True, slots=True)
class Read:
    """A post as read by hand; None where the page says nothing that could be compared."""

    headline: str | None
    paragraphs: tuple[str, ...]
    authors: tuple[str, ...] | None = None
    pictures: tuple[str, ...] | None = None
    """The files' names without their sizes."""
    key_event: bool = False


def words(text: str | None) -> str:
    """Return text on one line."""
    return " ".join((text or "").replace("\u200b", "").replace("\xad", "").split())


def picture(url: str) -> str:
    """Return a picture's file name without its suffix and crop."""
    name = url.partition("?")[0].rpartition("/")[2].rpartition(".")[0]
    return re.sub(r"-(?:articleLarge|superJumbo|videoSixteenByNine\w*|jumbo)(?:-v\d+)?$", "", name)


def _page(name: str) -> Node:
    return pages.fromstring((REAL / f"{name}.html").read_bytes().decode("utf-8", errors="replace"))


def _texts(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(text for node in nodes if (text := words("".join(node.itertext()))))


def cork_beo() -> list[Read]:
    """Read entries with a heading, paragraphs and list items, a `mark` that is the byline or says KEY EVENT."""
    found = []
    for entry in _page(CORK).xpath("//div[@class='live-event-entry']"):
        (content,) = entry.xpath("div[@class='entry-content']")
        (mark,) = _texts(entry.xpath("div[@class='entry-info']/mark[last()]"))
        (headline,) = _texts(content.xpath("h3[1]"))
        text = _texts(content.xpath("p | ul/li | ol/li | h3[position() > 1]"))
        found.append(
            Read(
                headline=headline,
                # A link under the headline of the story that it leads to says nothing more.
                paragraphs=() if text == (headline,) else text,
                authors=None if mark == "KEY EVENT" else (mark,),
                pictures=tuple(map(picture, content.xpath(".//img[starts-with(@src, 'http')]/@src"))),
                key_event=entry.get("data-type") == "key-event",
            )
        )
    return found


def new_york_times() -> list[Read]:
    """Read posts with paragraphs, list items and subheadings; a sign-off by name ends most of them."""
    found = []
    for entry in _page(NYT).xpath("//div[@data-test-id='live-blog-post']"):
        text = _texts(entry.xpath(".//p[contains(@class, 'evys1bk0')] | .//h3[not(ancestor::aside)]"))
        signed = [line for line in text if line.startswith("\u2014")]
        names = [name for line in signed for name in re.split(r",? and |, ", line.strip("\u2014 "))]
        found.append(
            Read(
                headline=_texts(entry.xpath(".//h2"))[0],
                paragraphs=tuple(line for line in text if line not in signed),
                authors=tuple(names) or None,
                pictures=tuple(map(picture, entry.xpath(".//figure//img/@src"))),
            )
        )
    return found


def times_of_india() -> list[Read]:
    """Read posts of one bold paragraph; the headline stands in the JSON-LD alone, cut like its text, after a clock."""
    entries = _page(INDIA).xpath("//div[@class='_2tvI3']")
    stated = json.loads((REAL / f"{INDIA}.liveblogposting.json").read_bytes())["liveBlogUpdate"]
    found = []
    for entry, update in zip(entries, stated, strict=True):
        headline = words(update["headline"].partition("(IST)")[2])
        text = _texts(entry.xpath(".//div[@class='_1KydD']//p"))
        found.append(Read(headline, () if text == (headline,) else text, pictures=()))
    return found


def repubblica() -> list[Read]:
    """Read sections with a title and text, in which a picture's mark may have been forgotten."""
    found = []
    for entry in _page(ROME).xpath("//section[@class='liveblog__post']"):
        (title,) = entry.xpath(".//h2")
        if not words("".join(title.itertext())):  # the page has a paragraph in it, which ends it for this library
            title = title.getnext()
        headline = words("".join(title.itertext()))
        for child in list(title):
            title.remove(child)
        title.text = None
        nodes = entry.xpath(
            ".//div[@class='liveblog__post__content']//text()[not(ancestor::figure or ancestor::script"
            " or ancestor::style or ancestor::noscript"
            " or ancestor::section[@class='inline-article' or @class='inline-video'])]"
        )
        found.append(Read(headline, (words(re.sub(r"\[\[.*?\]\]", "", "".join(nodes))),)))
    return found


READERS: Final[dict[str, Callable[[], list[Read]]]] = {
    f"{CORK}.html": cork_beo,
    f"{NYT}.html": new_york_times,
    f"{INDIA}.html": times_of_india,
    f"{ROME}.html": repubblica,
}

DESK_WORDS: Final[dict[str, tuple[int, int]]] = {
    "aap__reuters_byline_in_body.xml": (21, 0),  # a note in brackets and a byline
    "aap__reuters_newsml.xml": (0, 0),
    "aap__reuters_with_byline.xml": (3, 0),  # a byline
    "ansa__culture.xml": (0, 0),  # its routing codes stand outside of paragraphs
    "belga__afp_belga.xml": (0, 4),  # initials
    "belga__ansa_belga.xml": (0, 0),
    "belga__stt_belga.xml": (0, 0),
    "cp__1bf6.xml": (0, 0),
    "cp__4d88.xml": (0, 0),
    "cp__ap-agate-nitf.xml": (0, 0),
    "cp__fr.xml": (0, 0),
    "iptc__LISTING_2_NewsML-G2_Text_Document.xml": (0, 0),
    "ntb__afp.xml": (0, 4),  # initials
    "ntb__afp_no_headline_2.xml": (0, 0),
    "ntb__nitf_test.xml": (0, 0),
    "ntb__stt_newsml_sport_test.xml": (0, 0),
    "superdesk-core__aap-1.xml": (0, 0),
    "superdesk-core__aap-finance1.xml": (0, 2),  # agency and initials
    "superdesk-core__aap.xml": (0, 3),  # agency, service and initials
    "superdesk-core__ap-nitf.xml": (0, 0),
    "superdesk-core__efe_nitf.xml": (0, 0),
    "superdesk-core__pa1.xml": (0, 1),  # "ends"
    "superdesk-core__pa3.xml": (0, 0),
    "superdesk-core__pa5.xml": (0, 1),  # "ends"
    "superdesk-core__stt1.xml": (0, 0),
    "superdesk-core__stt_archive_newsml_test.xml": (0, 0),
    "superdesk-core__stt_newsml_location_test.xml": (0, 0),
    "superdesk-core__stt_newsml_note_test.xml": (0, 0),
    "superdesk-core__text.xml": (3, 0),  # a byline
}
"""How many words at the start and the end of a text in `newsml/` are for desks, counted in the file."""
_BODIES: Final = frozenset({"body.content", "inlinexml", "inlinedata", "datacontent"})
_TEXTS: Final = frozenset({"p", "h2", "h3", "li", "hl2", "td", "th"})
_NO_TEXTS: Final = frozenset({"media-caption", "media", "figure"})


def agency_words(file: str) -> list[str]:
    """Return the words of an agency's paragraphs, list items and cells, without those for desks."""
    parser = etree.XMLParser(recover=True, resolve_entities=False)
    root = etree.fromstring((REAL / "newsml" / file).read_bytes().lstrip(), parser)
    body = next(node for node in root.iter() if _name(node) in _BODIES)
    nodes = [node for node in body.iter() if _name(node) in _TEXTS]
    outer = [node for node in nodes if not any(_name(above) in _TEXTS | _NO_TEXTS for above in node.iterancestors())]
    said = re.findall(r"\w+", " ".join("".join(node.itertext()) for node in outer))
    first, last = DESK_WORDS[file]
    return said[first : len(said) - last]


def _name(node: Node) -> str:
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""
