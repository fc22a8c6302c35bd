"""From bytes to text: what the bytes prove, then header, declaration in the document, then detection."""

import codecs
import re
from email.message import Message
from typing import Final

from charset_normalizer import from_bytes

_DECLARED: Final = re.compile(
    rb"""(?i)<\?xml[^>]{0,200}encoding=["']([\w.:-]+)|<meta[^>]{0,200}charset=["']?([\w.:-]+)"""
)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What the web means by a name (WHATWG Encoding), by Python's name for it.
_MEANT: Final = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_READ: Final = frozenset({
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255",
    "cp1256", "cp1257", "cp1258", "cp866", "cp874", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6",
    "iso8859-7", "iso8859-8", "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "koi8-r", "koi8-u",
    "mac-roman", "gb18030", "big5", "big5hkscs", "cp932", "euc_jp", "iso2022_jp", "cp949",
})  # fmt: skip
"""Python decodes more, such as UTF-7, which hides markup, and codecs that are no charsets."""
_GUESSED: Final = ["cp1252", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256"]
_GUESSED_WIDE: Final = ["cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"]
_SAMPLE_BYTES: Final = 65_536
_FOREIGN_SHARE: Final = 0.3
_ENOUGH_BYTES: Final = 30


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a document; never raises, as the last resort replaces what it can't decode."""
    for bom, marked in _BOMS:
        if body.startswith(bom):
            return body.decode(marked, errors="replace")
    stated = _known(_of_header(content_type))
    if stated and stated.startswith(("utf-16", "utf-32", "iso2022")):  # all bytes of these may be valid UTF-8
        return body.decode(stated, errors="replace")
    if (wide := _without_bom(body)) is not None:
        return wide
    # A text that is valid UTF-8 is UTF-8, even if the server states its default charset.
    for encoding in ("utf-8", stated, _known(_declared(body))):
        if encoding and (text := _try(body, encoding)) is not None:
            return text
    return _detected(body)


def _of_header(content_type: str) -> str | None:
    if "charset" not in content_type.lower():
        return None
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    charset = message.get_param("charset")
    return charset if isinstance(charset, str) else None


def _declared(body: bytes) -> str | None:
    found = _DECLARED.search(body[:2048])
    return (found[1] or found[2]).decode("ascii", errors="replace") if found else None


def _known(encoding: str | None) -> str | None:
    """Return the encoding that the web means by a name, or None if Liveline does not read it."""
    if not encoding:
        return None
    try:
        name = codecs.lookup(encoding.strip().removeprefix("x-")).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name in _READ else None


def _without_bom(body: bytes) -> str | None:
    """Return UTF-16 text without a mark: every other byte of Latin text is zero."""
    sample = body[:2000]
    zeros = sample.count(0)
    if zeros * 3 < len(sample) or len(body) % 2:
        return None
    little = sample[1::2].count(0) > sample[::2].count(0)
    return _try(body, "utf-16-le" if little else "utf-16-be")


def _detected(body: bytes) -> str:
    loose = body.decode("utf-8", errors="replace")
    broken = loose.count("\ufffd")
    if sum(1 for character in loose[:_SAMPLE_BYTES] if character > "\x7f") - broken >= broken:
        return loose  # UTF-8 with a few bytes lost
    sample = body[:_SAMPLE_BYTES]
    high = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    wide = high > max(_FOREIGN_SHARE * len(sample), _ENOUGH_BYTES / 3)
    if not wide and high < _ENOUGH_BYTES:  # too little for detection: most unmarked texts of the web
        return _try(body, "cp1252") or loose
    best = from_bytes(sample, cp_isolation=_GUESSED_WIDE if wide else _GUESSED).best()
    return (_try(body, best.encoding) if best else None) or _try(body, "cp1252") or loose


def _try(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        # Five bytes that windows-1252 leaves empty are control characters on the web.
        return body.decode("latin-1") if encoding == "cp1252" else None
