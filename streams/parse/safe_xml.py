"""How XML of strangers is parsed: nothing is resolved, fetched or loaded."""

from lxml import etree


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
