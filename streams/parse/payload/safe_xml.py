"""How XML of strangers is parsed: nothing is resolved, fetched or loaded."""

import re
from typing import Final

from lxml import etree

_SURROGATE: Final = re.compile(
    r"&#(?:[xX]0{0,9}[dD][89a-fA-F][0-9a-fA-F]{2}|0{0,9}(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));"
)


def whole_references(text: str) -> str:
    """Return XML in which a reference to half a character (`&#xD800;`) is one to U+FFFD, as HTML reads it.

    libxml2 refuses it, and where it recovers makes bytes of it that are no UTF-8.
    """
    return _SURROGATE.sub("&#xFFFD;", text) if "&#" in text else text


def xml_parser(encoding: str | None = None, *, recover: bool = False) -> etree.XMLParser:
    """Return a parser that resolves no entity, loads no DTD, asks no network and refuses deep trees."""
    return etree.XMLParser(
        encoding=encoding,
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,  # libxml2 itself refuses more than 256 levels
        remove_comments=True,
        remove_pis=True,
    )
