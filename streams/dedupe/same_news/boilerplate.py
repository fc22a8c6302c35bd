"""Text in a post that reports nothing: datelines, credits, invitations to read on."""

import re
from collections.abc import Iterator
from typing import Final

_AGENCY: Final = (
    r"Reuters|AP|AFP|PA(?: Media)?|dpa|ANSA|EFE|ANP|Belga|APA|SDA|NTB|TT|UPI|Xinhua|TASS|PAP|"
    r"Press Association|Associated Press"
)
_CLOCK: Final = r"(?:today,? |at )?\d{1,2}[.:h]\d\d(?: ?[ap]\.?m\.?)?(?: (?:GMT|BST|CET|CEST|UTC|[ECMP][SD]?T|IST))?"
# A place, maybe a date, then the agency in brackets and a dash; or a place in capitals and a dash.
_DATELINE: Final = re.compile(
    rf"^\s*(?:\(?(?:{_AGENCY})\)?\s*[-\u2013\u2014:]+|(?:BREAKING|JUST IN|UPDATED?|ALERT)\s*[:|\u2013\u2014-]+|"
    rf"[^\W\d_][\w .,'/]{{1,48}}?\((?:{_AGENCY})\)\s*[-\u2013\u2014:]*|"
    r"[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de .'/]{2,40}(?:,\s\w{3,9}\.? \d{1,2})?\s*[-\u2013\u2014]{1,2})\s+"
)
_CREDIT: Final = re.compile(
    rf"(?i)^\W*(?:"
    rf"\(?(?:additional )?(?:reporting|editing|writing|compiled|produced) by\b.*"
    rf"|(?:photo(?:graph)?|picture|pic|image|video|credit|source|foto|bild|quelle|fuente|fonte|via|by)"
    r"\s*(?:credit)?\s*[:/].*"
    rf"|(?:with|by|from|via)?\s*(?:agencies|{_AGENCY})(?:\s*(?:/|and|,)\s*(?:agencies|{_AGENCY}))*"
    r"|copyright\b.*|all rights reserved.*|share(?: this)?"
    r")\W*$"
)
# These have a number and still report nothing.
_STAMP: Final = re.compile(rf"(?i)^\W*(?:(?:last )?(?:updated|published|posted)(?: on| at)?:? {_CLOCK}|\u00a9.*)\W*$")
_BYLINE: Final = re.compile(r"^By(?: [A-Z][\w.'-]+){2,3}(?:(?:,| in| for) [\w .'-]{2,40})?$")
_INVITATION: Final = re.compile(
    r"(?i)^\W*(?:(?:you can )?(?:read|click|follow|see|watch|listen|sign up|subscribe|download|join|scroll|tap|get)\b"
    r"(?=.{0,80}\b(?:more|here|live|below|updates?|newsletter|app|full story|on twitter|on facebook)\b).{0,80}"
    r"|more (?:to follow|on this|details? (?:soon|to come)|soon)\b.{0,40}"
    r"|(?:this is a )?(?:breaking|developing)"
    r"(?: news)?(?: story)?\b.{0,60}|stay with us\b.{0,60}"
    r"|(?:that's|that is) (?:it|all) (?:from|for)\b.{0,60}"
    r"|mehr (?:dazu|in kürze)\b.{0,60}|lesen sie (?:mehr|auch)\b.{0,100}|lire (?:aussi|la suite)\b.{0,100}"
    r"|leer más\b.{0,60}|leggi (?:anche|tutto)\b.{0,100}|lees (?:ook|meer)\b.{0,100}|czytaj (?:też|więcej)\b.{0,100}"
    r"|(?:our )?live (?:blog|coverage|updates?)\b.{0,60})\W*$"
)
_LINKS: Final = re.compile(r"https?://\S+|www\.\S+|pic\.twitter\.com/\S+|@ ?[^\W\d]\w*")
_LONGEST_CHARS: Final = 180
_UNSEEN: Final = re.compile(r"(?i)^if you (?:can't|cannot) see (?:this|the) (?:video|picture|map|graphic)\b.{0,60}$")
_FACT: Final = re.compile(r"(?i)\d|\bnot\b|n't\b")
"""A sentence with a number or a negation may be a report after all."""
# After a full stop with its quotes, before anything but a small letter; after a full stop that stands alone, as
# tokenised text has it; at the end of a line. Each begins with a sign that the search can look for.
_BREAK: Final = re.compile(r"[.!?\u2026](?:[\"'\u201d\u2019)\]]*\s+(?=[^a-z])|(?<= [.!?])\s+)|\n+")
# Each sentence that reports nothing begins with one of these; most sentences are done with this one look.
_BEGINS: Final = re.compile(
    rf"(?i)\W*(?:\u00a9|last|updated|published|posted|if|additional|reporting|editing|writing|compiled|produced|photo|pic"
    rf"|image|video|credit|source|foto|bild|quelle|fuente|fonte|via|by|with|from|agencies|{_AGENCY}|copyright|all|share"
    r"|you|read|click|follow|see|watch|listen|sign|subscribe|download|join|scroll|tap|get|more|this|breaking|developing"
    r"|stay|that|mehr|lesen|lire|leer|leggi|lees|czytaj|our|live)"
)


def statements(text: str) -> list[str]:
    """Return the sentences of a text that report something."""
    if "http" in text or "@" in text or "www." in text or "pic." in text:
        text = _LINKS.sub(" ", text)
    found = [part for part in map(str.strip, _parted(text)) if part]
    if found:
        found[0] = _DATELINE.sub("", found[0])
    # If a post has nothing else, these sentences are its text.
    return [sentence for sentence in found if not _reports_nothing(sentence)] or found


def _parted(text: str) -> Iterator[str]:
    start = 0
    for found in _BREAK.finditer(text):
        at = found.start()
        yield text[start : at if text[at] == "\n" else at + 1]
        start = found.end()
    yield text[start:]


def _reports_nothing(sentence: str) -> bool:
    if len(sentence) > _LONGEST_CHARS or not _BEGINS.match(sentence):
        return False
    if _STAMP.match(sentence) or _UNSEEN.match(sentence):
        return True
    if _FACT.search(sentence):
        return False
    return bool(_CREDIT.match(sentence) or _INVITATION.match(sentence) or _BYLINE.match(sentence))
