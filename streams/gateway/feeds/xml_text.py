"""XML elements from text that may hold what XML 1.0 has no place for."""

import re
from typing import Final

from lxml import etree

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    """Add an element with a text and attributes."""
    element = etree.SubElement(parent, tag, {name: xml_text(value) for name, value in attributes.items()})
    element.text = None if text is None else xml_text(text)
    return element


def xml_text(text: str) -> str:
    """Return a text without characters that XML 1.0 does not allow."""
    return _NOT_XML.sub("", text)


def document(root: etree._Element) -> bytes:
    """Return a document in UTF-8."""
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
