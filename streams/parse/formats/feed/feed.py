"""RSS and Atom by lxml: feedparser takes a picture's description for the text and a `dc:date` for an update."""

import re
from typing import Final

from streams.exceptions import ParseError
from streams.parse.formats.feed.entry import read_entry
from streams.parse.formats.feed.xml import name_of, read_xml, text_of
from streams.parse.parsed import Parsed, collect
from streams.parse.payload.payload import Payload
from streams.parse.registry import parser
from streams.parse.words.language_tag import language_tag

_LOOKS: Final = re.compile(rb"(?i)<(?:rss|rdf:RDF|feed|atom:feed|channel)[\s>]")
_ENTRIES: Final = frozenset({"item", "entry", "tombstone:deleted-entry"})


def _is_feed(payload: Payload) -> bool:
    return payload.head[:1] == b"<" and _LOOKS.search(payload.head) is not None


@parser(
    "feed",
    content_types=("application/rss+xml", "application/atom+xml", "application/rdf+xml"),
    looks_like=_is_feed,
    rank=40,
)
def parse_feed(payload: Payload) -> Parsed:
    """Read each entry; one that is empty or broken does not keep the others out."""
    root = read_xml(payload.text)
    entries = [element for element in root.iter() if name_of(element) in _ENTRIES]
    if not entries and not any(name_of(element) in ("channel", "feed") for element in root.iter()):
        raise ParseError(f"not a feed: found <{name_of(root)}>, expected <rss>, <rdf:RDF> or <feed>")
    if len(entries) > payload.limits.max_posts:
        raise ParseError(f"the feed has {len(entries):,} entries; at most {payload.limits.max_posts:,} are read")
    named = next((element for element in root.iter() if name_of(element) in ("language", "dc:language")), None)
    language = language_tag(
        text_of(named) if named is not None else root.get("{http://www.w3.org/XML/1998/namespace}lang")
    )
    posts, bad = collect(
        payload,
        ((str(place), entry) for place, entry in enumerate(entries)),
        lambda entry: read_entry(entry, payload, language),
    )
    return Parsed(tuple(posts), tuple(bad))
