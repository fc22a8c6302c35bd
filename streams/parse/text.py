"""Plain text made clean: mojibake repaired, entities decoded once, white space made regular."""

import re
from html import unescape

from ftfy import TextFixerConfig, fix_text

_FIX = TextFixerConfig(unescape_html=False, uncurl_quotes=False, fix_line_breaks=True, normalization="NFC")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


def clean_line(text: str) -> str:
    """Return text on one line."""
    return " ".join(_repaired(text).split())


def clean_paragraphs(text: str) -> str:
    """Return text whose paragraphs are parted by one blank line; a single line break within one is kept."""
    lines = [_SPACES.sub(" ", line).strip() for line in _repaired(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _repaired(text: str) -> str:
    if text.isascii():
        if "&" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    else:
        text = fix_text(text, _FIX)
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
