"""Captions and credits among a post's lines: what a picture shows, and who took it."""

import re
from dataclasses import dataclass
from typing import Final

from streams.parse.words.agencies import PICTURE_CREDITS

_CAPITALS: Final = r"[^\W\d_a-z][\w.'’-]*(?:\s(?:[^\W\d_a-z][\w.'’&-]*|via|for|of|de|van|von|the|and|&)){0,6}"
_SLASHED: Final = re.compile(
    rf"(?:{_CAPITALS}[/|])*(?:{_CAPITALS}\s)?{PICTURE_CREDITS}(?:/{_CAPITALS})*(?:\s(?:via|for|/)\s{_CAPITALS})?(?:\s?\(\w{{4,12}}\))?"
)
_SHAPED: Final = re.compile(rf"{_CAPITALS}(?:/{_CAPITALS}){{1,4}}(?:\s?\(\w{{4,12}}\))?")
_LABELLED: Final = re.compile(
    r"""(?x)
    ^(?P<caption>.*?)[\s.|,]*[\[(]?\s*\b
    (?:(?:Photograph|Photo|PHOTO|Picture|PICTURE|Image|IMAGE|Pic|Foto|FOTO|Bild|Video|Composite|Illustration|Graphic|
          Credit|CREDIT|Credits|Copyright|(?:Photo|Picture|Image)\ [Cc]redit|Image\ source|Crédit|Crédito|Fotocredit)
       \s?(?::|,(?=\ [A-Z]))\s*(?:[Bb]y\s)?
     |(?:Photo|Photograph|Picture|Image|Photography)\s+[Bb]y:?\s
     |©\s?|\(c\)\s)
    (?P<credit>[^\n.:;"“”]{2,100}?)\s*[\])]?\.?$"""
)
_LABELS: Final = ("photo", "pic", "image", "foto", "bild", "video", "composite", "illustration", "graphic", "credit",
                  "crédit", "copyright", "©", "(c)")  # fmt: skip
"""Every label has one of these in it: a paragraph without one isn't searched for where its caption may end."""
_BRACKETED: Final = re.compile(r"^(?P<caption>.*\S)\s?[\[(](?P<credit>[^()\[\]]{2,80})[\])]\.?$", re.DOTALL)
_MARKED: Final = re.compile(
    r"^(?:Image caption|Media caption|Video caption|Caption|CAPTION|Pictured|PICTURED|FILE PHOTO|FILE PICTURE"
    r"|File photo)\s?[:,]\s*(?P<caption>.+)$"
)
_SENTENCE_END: Final = re.compile(r"[.!?][\"'”’)]?$")
_LONGEST_CHARS: Final = 1_500
_LONGEST_CREDIT_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture's caption, its credit, or both."""

    text: str = ""
    credit: str = ""


def read_caption(paragraph: str) -> Caption | None:
    """Return the paragraph as a caption, or None; a caption has a credit or a label such as "Image caption"."""
    if len(paragraph) > _LONGEST_CHARS or paragraph.startswith(("#", "@", "Twitter:")):
        return None
    if is_credit(paragraph):
        labelled = _labelled(paragraph)
        return Caption(credit=labelled["credit"] if labelled else paragraph)
    if marked := _MARKED.match(paragraph):
        inner = _credited(paragraph if paragraph[:4].upper() == "FILE" else marked["caption"])
        return inner or Caption(marked["caption"])
    return _credited(paragraph)


def is_credit(text: str) -> bool:
    """Whether text is nothing but who made a picture: `HANDOUT/AFP via Getty Images`, `Photograph: A. Reyes/PA`."""
    if len(text) > _LONGEST_CREDIT_CHARS or " - " in text or " – " in text:
        return False
    labelled = _labelled(text)
    if labelled and not labelled["caption"]:
        return True
    return ("/" in text or " via " in text or "Getty" in text) and _names_credit(text)


def _labelled(text: str) -> re.Match[str] | None:
    lower = text.lower()
    return _LABELLED.match(text) if any(label in lower for label in _LABELS) else None


def _names_credit(text: str) -> bool:
    """Whether text is names with an agency among them, or names parted by a slash."""
    return _SLASHED.fullmatch(text) is not None or _SHAPED.fullmatch(text) is not None


def _credited(paragraph: str) -> Caption | None:
    if labelled := _labelled(paragraph):
        return _made(labelled)
    # The last dash parts a caption from its credit; earlier ones are the caption's own.
    for dash in (" - ", " – ", " — "):
        caption, found, credit = paragraph.rpartition(dash)
        credit = credit.strip()
        if found and caption and len(credit) <= _LONGEST_CREDIT_CHARS and _names_credit(credit):
            several = "/" in credit or " via " in credit or "Getty" in credit or credit in caption
            if several or not _SENTENCE_END.search(caption):
                return Caption(caption.rstrip(" ,"), credit)
    bracketed = _BRACKETED.match(paragraph) if paragraph.rstrip(".")[-1:] in (")", "]") else None
    if bracketed and _names_credit(bracketed["credit"]):
        caption = bracketed["caption"]
        if "/" in bracketed["credit"] or not _SENTENCE_END.search(caption):
            return Caption(caption, bracketed["credit"])
    return None


def _made(found: re.Match[str]) -> Caption:
    return Caption(found["caption"].strip(" ,|"), found["credit"].strip())
