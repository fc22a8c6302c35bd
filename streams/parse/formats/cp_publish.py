"""The Canadian Press's `Publish` XML: one text or photo a document."""

from schemas.post import Media, MediaType, Post, Status, Subject
from streams.parse.build import build_post
from streams.parse.parsed import Parsed
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.wires.agency_text import read_agency_text
from streams.parse.wires.elements import Element, child, root_name, text_at
from streams.parse.wires.iptc import read_embargo, read_urgency
from streams.parse.wires.wrapped_text import html_of
from streams.parse.words.byline import read_byline

_KINDS = {"photo": MediaType.IMAGE, "graphic": MediaType.IMAGE, "video": MediaType.VIDEO, "audio": MediaType.AUDIO}
_LANGUAGES = {"1": "en", "2": "fr"}


def _is_publish(payload: Payload) -> bool:
    return root_name(payload) == "Publish" and child(payload.xml, "ContentItem", "ContentItemID") is not None


@parser("cp-publish", looks_like=_is_publish, rank=36)
def parse_cp_publish(payload: Payload) -> Parsed:
    """Read the item that is published."""
    return Parsed((_post(payload, payload.xml),), snapshot=False)


def _post(payload: Payload, root: Element) -> Post:
    item = child(root, "ContentItem")
    kind = _KINDS.get((text_at(item, "ContentType") or "").lower())
    updated = _utc(text_at(item, "UpdatedDateTime"))
    embargo = read_embargo(_utc(text_at(item, "EmbargoTime")), updated, payload)
    status = Status.USABLE
    if text_at(item, "TrashFlag") == "true":
        status = Status.CANCELED
    elif embargo or text_at(item, "HoldFlag") == "true":
        status = Status.WITHHELD
    caption = text_at(item, "EnglishCaption") or text_at(item, "FrenchCaption")
    body = child(item, "ContentText")
    subject = text_at(item, "IndexCode")
    text = read_agency_text(
        html_of((body.text or "") if body is not None else ""),
        dateline=", ".join(part for part in (text_at(item, "Placeline") or "").split(";") if part.strip()),
        notes=[text_at(item, "SpecialInstructions")],
    )
    return build_post(
        payload,
        id=text_at(item, "SystemSlug") or text_at(item, "ContentItemID"),
        published=_utc(text_at(item, "CreatedDateTime")) or _utc(text_at(root, "PublishDateTime")) or updated,
        updated=updated,
        headline=text_at(item, "Headline"),
        body_html=None if kind else text.html,
        authors=read_byline(text_at(item, "Byline")) or text.authors,
        media=[Media(type=kind, url=text_at(item, "ContentRef"), caption=caption, credit=text_at(item, "Credit"))]
        if kind
        else (),
        status=status,
        embargo_until=embargo,
        language=_LANGUAGES.get(text_at(item, "Language") or ""),
        subjects=(Subject(name=subject),) if subject else (),
        urgency=read_urgency(text_at(item, "RankingValue")),
        slugline=text_at(item, "SlugProper"),
        editorial_note=text.editorial_note,
        dateline=None if kind else text.dateline,
    )


def _utc(said: str | None) -> str | None:
    """Return a time as the sender means it: without an offset it is UTC, as its twin with one shows."""
    if said is None:
        return None
    clock = said.partition("T")[2]
    return said if clock.endswith("Z") or "+" in clock or "-" in clock else f"{said}Z"
