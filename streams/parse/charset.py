"""From bytes to text: charset by header, by declaration in the document, then by detection."""

import codecs
import re
from email.message import Message

from charset_normalizer import from_bytes

_DECLARED = re.compile(rb"""(?i)<\?xml[^>]{0,200}encoding=["']([\w.:-]+)|<meta[^>]{0,200}charset=["']?([\w.:-]+)""")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a document; never raises, as the last resort replaces what it can't decode."""
    for bom, marked in _BOMS:
        if body.startswith(bom):
            return body.decode(marked, errors="replace")
    for encoding in (_of_header(content_type), "utf-8", _declared(body)):
        if encoding and (text := _try(body, encoding)) is not None:
            return text
    best = from_bytes(body[:65536]).best()
    return body.decode(_web(best.encoding) if best else "utf-8", errors="replace")


def _of_header(content_type: str) -> str | None:
    message = Message()
    message["content-type"] = content_type
    charset = message.get_param("charset")
    return charset if isinstance(charset, str) else None


def _declared(body: bytes) -> str | None:
    found = _DECLARED.search(body[:2048])
    return (found[1] or found[2]).decode("ascii") if found else None


def _web(encoding: str) -> str:
    """Return what the web means by the name: ISO-8859-1 is windows-1252 (WHATWG Encoding)."""
    name = encoding.lower().replace("_", "-")
    return "cp1252" if name in ("iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii") else encoding


def _try(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(_web(encoding))
    except (LookupError, UnicodeDecodeError):
        return None
