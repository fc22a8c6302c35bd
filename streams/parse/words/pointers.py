"""Paragraphs that only lead elsewhere: "Continue reading...", "Read more: ...", an advert's label."""

import re
from typing import Final

_POINTER: Final = re.compile(
    r"(?i)(?:\[?(?:continue reading|read more|read next|read also|also read|see also|keep reading|"
    r"read the (?:full|whole) (?:story|article|post)|(?:article|story) continues(?: below)?|advertisement)"
    r"[\s.:!…>→»\]|]{0,9}|(?:read more|read next|read also|also read)\s?[:|»>–-].{0,200})"
)


def is_pointer(paragraph: str) -> bool:
    """Whether a paragraph only invites to read on."""
    return _POINTER.fullmatch(paragraph) is not None


def without_pointers(text: str) -> str:
    """Return the text without such paragraphs; a text of nothing else stays as it is."""
    paragraphs = text.split("\n\n")
    kept = [paragraph for paragraph in paragraphs if not is_pointer(paragraph)]
    return "\n\n".join(kept) if kept else text
