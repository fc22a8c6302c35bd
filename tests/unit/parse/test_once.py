"""What is made once a document."""

import pytest

from schemas import Source
from streams.parse import parse
from streams.parse.formats import liveblogposting
from streams.parse.payload.payload import Payload
from tests.unit.parse.agency_samples import document

PAGE = b"""<!doctype html><title>Harbour fire</title><script type="application/ld+json">
{"@type": "LiveBlogPosting", "liveBlogUpdate": [
 {"@type": "BlogPosting", "headline": "Fire brigade called", "datePublished": "2024-05-01T17:03:00Z"}]}</script>"""


def test_the_json_ld_of_a_page_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look that finds the format and the parser share the graph."""
    runs: list[str] = []
    read = liveblogposting.jsonld_of

    def counting(payload: Payload, *, holding: str = "") -> list[object]:
        runs.append(holding)
        return read(payload, holding=holding)

    monkeypatch.setattr(liveblogposting, "jsonld_of", counting)

    parsed = parse(document(PAGE, "text/html"), Source(id="evening-post"))

    assert (parsed.format, len(parsed.posts), runs) == ("liveblogposting", 1, ["BlogPosting"])


def test_each_document_has_its_own() -> None:
    """Two payloads share nothing."""

    def length(payload: Payload) -> int:
        return len(payload.document.body)

    short, long = (Payload(document(body, "text/html"), Source(id="evening-post")) for body in (b"ab", b"abcd"))

    assert (short.once(length), long.once(length), short.once(length)) == (2, 4, 2)
