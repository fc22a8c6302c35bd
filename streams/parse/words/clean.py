"""Plain text made clean: mojibake repaired, entities decoded once, white space made regular."""

import re
import unicodedata
from html import unescape
from typing import Final

from ftfy import TextFixerConfig, fix_encoding

_FIX: Final = TextFixerConfig(unescape_html=False)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_LEFT: Final = re.compile(r"&(?!(?:amp|lt|gt|#0*(?:38|60|62)|#[xX]0*(?:26|3[cC]|3[eE]));)" + _ENTITY.pattern[1:])
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0e-\x1b\x7f]")
_C1: Final = re.compile("[\x80-\x9f]")
_C1_MEANT: Final = {
    code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0) if code != ord("\x85")
}
_CONTINUATION: Final = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\ufffd"
# UTF-8 read as windows-1252, Mac Roman, windows-1251 or IBM 437; what ftfy then decides is its own.
_SUSPECT: Final = re.compile(rf"[Â-ô][{_CONTINUATION}]|‚Ä|√[\u0080-\u024f≤≥∞±µ∂∑∏π∫ªºΩ]|вЂ|[РС][Ђ-џ°-»]|ΓÇ")
_SPECIAL_BREAKS: Final = str.maketrans({"\u2028": "\n", "\u2029": "\n\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n\n"})
_MANY_BREAKS: Final = re.compile(r"\n{3,}")


_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def whole_characters(text: str) -> str:
    """Return text in which each half of a character (a lone surrogate, which UTF-8 can't hold) is U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def clean_line(text: str) -> str:
    """Return text on one line."""
    return " ".join(_repaired(text).split())


def clean_paragraphs(text: str) -> str:
    """Return text whose paragraphs are parted by one blank line; a single line break within one is kept."""
    return _in_paragraphs(_repaired(text))


def clean_decoded(text: str) -> str:
    """Return what `clean_paragraphs` does, of text that HTML or XML has decoded already."""
    return _in_paragraphs(_legible(text))


def clean_regular(text: str) -> str:
    """Return what `clean_decoded` does, of text whose white space is regular already."""
    legible = _legible(text)
    return legible if legible == text else _in_paragraphs(legible)


def _in_paragraphs(text: str) -> str:
    lines = "\n".join([" ".join(line.split()) for line in text.split("\n")]).strip("\n")
    return _MANY_BREAKS.sub("\n\n", lines) if "\n\n\n" in lines else lines


def _repaired(text: str) -> str:
    return _legible(_ENTITY.sub(_decoded, text) if "&" in text else text)


def _legible(text: str) -> str:
    """Return text without mojibake, invisible characters and the entities that a double encoding leaves over.

    Those are decoded but for the markup's own: `&amp;lt;` is `&lt;`, never `<`.
    """
    if "&" in text:
        text = _LEFT.sub(_decoded, text)
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
        if _SUSPECT.search(text):
            text = fix_encoding(text, _FIX)
        if _C1.search(text):
            text = text.translate(_C1_MEANT)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    text = _INVISIBLE.sub("", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_SPECIAL_BREAKS) if _odd_breaks(text) else text


def _odd_breaks(text: str) -> bool:
    return any(character in text for character in "\r\u2028\u2029\x85\x0b\x0c")


def _decoded(entity: re.Match[str]) -> str:
    # One by one: html.unescape of a whole text also reads the "&copy" of "?a=1&copy=2".
    return unescape(entity[0])
