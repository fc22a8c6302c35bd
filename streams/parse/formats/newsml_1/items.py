"""NewsML 1.0 to 1.2: news items made of nested components, with NITF, XHTML or plain text in them."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.post import Media, Post, Status, Subject
from streams.exceptions import ParseError
from streams.parse.build import build_post
from streams.parse.formats.newsml_1.content import IMAGES, read_parts
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.wires.agency_text import joined_notes, read_agency_text
from streams.parse.wires.elements import (
    Element,
    attribute,
    child,
    children,
    collect_elements,
    descendants,
    local_name,
    root_name,
    text_at,
    text_in,
    xpath_of,
)
from streams.parse.wires.iptc import iptc_time, read_embargo, read_status, read_urgency
from streams.parse.wires.own_files import without_own_files
from streams.parse.words.byline import read_byline

_DESK = ("ednote", "editor", "advisory", "correction", "note")
"""Words in the names of the lines that are for desks: AFP's `AdvisoryLine`, others' `EditorialNote`."""


@dataclass(frozen=True, slots=True)
class _Story:
    """A component with a headline of its own, and the pictures that stand beside it."""

    item: Element
    component: Element
    pictures: tuple[Media, ...] = ()
    alone: bool = True


def _is_newsml_1(payload: Payload) -> bool:
    return root_name(payload) in ("NewsML", "NewsItem")


@parser("newsml-1", looks_like=_is_newsml_1, rank=32)
def parse_newsml_1(payload: Payload) -> Parsed:
    """Read each news item; one whose components have headlines of their own is several posts."""
    root = payload.xml
    items = [root] if local_name(root) == "NewsItem" else list(descendants(root, "NewsItem"))
    if not items:
        raise ParseError(f"expected a NewsItem element in {local_name(root)}, found none")
    stories = {story.component: story for item in items for story in _stories(item)}
    posts, bad = collect_elements(payload, stories, lambda component: _post(payload, stories[component]))
    return Parsed(posts, bad, snapshot=False)


def _stories(item: Element) -> Iterator[_Story]:
    """Yield the stories of an item: its innermost components with a headline; images belong to the texts."""
    main = child(item, "NewsComponent")
    if main is None:
        yield _Story(item, item)
        return
    headed = list(_headed(main)) or [main]
    texts = [each for each in headed if not _is_picture(each)]
    pictures = tuple(media for each in headed if _is_picture(each) for media in read_parts(each, None).media)
    chosen = texts or headed
    for each in chosen:
        yield _Story(item, each, pictures if texts else (), alone=len(chosen) == 1)


def _headed(component: Element) -> Iterator[Element]:
    inner = [found for each in children(component, "NewsComponent") for found in _headed(each)]
    own = list(children(component, "ContentItem"))
    if own and (inner or _headline(component)):
        yield component
        yield from inner
    elif inner and (_headline(component) is None or any(not _is_picture(each) for each in inner)):
        yield from inner
    elif _headline(component):
        yield component
        yield from inner


def _is_picture(component: Element) -> bool:
    role = (attribute(child(component, "Role"), "FormalName") or "").lower()
    return role in IMAGES


def _headline(component: Element) -> str | None:
    return text_at(component, "NewsLines", "HeadLine")


def _post(payload: Payload, story: _Story) -> Post:
    item, component = story.item, story.component
    managed = child(item, "NewsManagement")
    headline = _headline(component) or text_at(child(item, "NewsComponent"), "NewsLines", "HeadLine")
    parts = read_parts(component, headline)
    created = iptc_time(text_at(managed, "FirstCreated"))
    revised = iptc_time(text_at(managed, "ThisRevisionCreated"))
    status = read_status(attribute(child(managed, "Status"), "FormalName"))
    future = child(managed, "StatusWillChange")
    embargo = None
    if (
        status is Status.WITHHELD
        and read_status(attribute(child(future, "FutureStatus"), "FormalName")) is Status.USABLE
    ):
        embargo = read_embargo(iptc_time(text_at(future, "DateAndTime")), revised, payload)
    lines = [child(each, "NewsLines") for each in (component, *_above(component))]
    text = read_agency_text(parts.html, dateline=_line(lines, "DateLine"), notes=_notes(lines))
    return build_post(
        payload,
        id=_id(story),
        published=created or revised or iptc_time(text_at(item, "Identification", "NewsIdentifier", "DateId")),
        updated=revised,
        headline=headline or parts.headline,
        body_html=text.html,
        summary=parts.summary,
        authors=_authors(component) or parts.authors or text.authors,
        media=tuple(without_own_files((*parts.media, *story.pictures))),
        status=status,
        embargo_until=embargo,
        version=text_at(item, "Identification", "NewsIdentifier", "RevisionId"),
        language=_language(component),
        subjects=tuple(_subjects(component)),
        urgency=read_urgency(attribute(child(managed, "Urgency"), "FormalName")),
        slugline=_line(lines, "SlugLine") or text_at(item, "Identification", "NameLabel"),
        editorial_note=text.editorial_note,
        dateline=None if _is_picture(component) else text.dateline,
        usage_terms=_line(lines, "RightsLine") or _usage_rights(component),
    )


def _line(lines: list[Element | None], name: str) -> str | None:
    return next((text for each in lines if (text := text_at(each, name))), None)


def _notes(lines: list[Element | None]) -> Iterator[str | None]:
    """Yield the lines whose type marks them as notes to desks."""
    for each in lines:
        for line in children(each, "NewsLine"):
            kind = (attribute(child(line, "NewsLineType"), "FormalName") or "").lower()
            if any(word in kind for word in _DESK):
                yield text_at(line, "NewsLineText")


def _usage_rights(component: Element) -> str | None:
    for each in (component, *_above(component)):
        rights = child(each, "RightsMetadata", "UsageRights")
        said = joined_notes(text_at(rights, name) for name in ("UsageType", "Geography", "Limitations"))
        if said:
            return said
    return None


def _id(story: _Story) -> str | None:
    """Return the item's id, or its component's when there are several; the public identifier has the revision in it."""
    identifier = child(story.item, "Identification", "NewsIdentifier")
    if not story.alone and (duid := attribute(story.component, "Duid")) and duid != "0":
        return duid
    item_id = text_at(identifier, "NewsItemId")
    if item_id and item_id != "0":
        return item_id if story.alone else f"{item_id}{xpath_of(story.component).partition('NewsItem')[2]}"
    return None


def _authors(component: Element) -> tuple[str, ...]:
    lines = (child(component, "NewsLines"), *(child(each, "NewsLines") for each in _above(component)))
    for line in lines:
        names = [name for each in children(line, "ByLine") for name in read_byline(text_in(each))]
        if names:
            return tuple(dict.fromkeys(names))
    return ()


def _above(component: Element) -> Iterator[Element]:
    parent = component.getparent()
    while parent is not None and local_name(parent) == "NewsComponent":
        yield parent
        parent = parent.getparent()


def _language(component: Element) -> str | None:
    for each in (component, *_above(component)):
        if found := attribute(each, "lang") or attribute(child(each, "DescriptiveMetadata", "Language"), "FormalName"):
            return found
    at = component.getparent()
    while at is not None and attribute(at, "lang") is None:
        at = at.getparent()
    return attribute(at, "lang")


def _subjects(component: Element) -> Iterator[Subject]:
    seen: set[str] = set()
    for each in (component, *_above(component)):
        for code in children(child(each, "DescriptiveMetadata"), "SubjectCode"):
            for subject in children(code, "Subject", "SubjectMatter", "SubjectDetail"):
                formal = attribute(subject, "FormalName")
                if formal and formal not in seen:
                    seen.add(formal)
                    yield Subject(code=formal, scheme=attribute(subject, "Vocabulary"))
