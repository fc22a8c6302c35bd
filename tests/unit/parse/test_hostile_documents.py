"""Documents meant to do harm, or broken on the way: entities, files, nesting, charsets."""

import json
import time
from contextlib import suppress
from pathlib import Path

import pytest

from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import read

NITF = (
    "<nitf><body><body.head><hedline><hl1>Fire</hl1></hedline></body.head><body.content>{}</body.content></body></nitf>"
)
ITEM = {"uri": "u1", "pubstatus": "usable"}


@pytest.mark.parametrize("body", ["<p>Two hurt &l9;</p>", '<p id="&l9;">Two hurt</p>'])
def test_a_billion_laughs_are_refused(body: str) -> None:
    """Entities that multiply end the document, not the worker."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE nitf [<!ENTITY l0 "lol">{entities}]>' + NITF.format(body)

    with pytest.raises(ParseError, match="not XML"):
        read(bomb, "application/xml")


def test_an_entity_of_the_documents_own_is_left_out() -> None:
    """What a document defines itself is not put in; the text around it is read."""
    said = '<!DOCTYPE nitf [<!ENTITY who "the brigade">]>' + NITF.format("<p>Two hurt, &who; said &amp; left</p>")

    assert read(said, "application/xml").posts[0].body_text == "Two hurt, said & left"


def test_no_file_is_read(tmp_path: Path) -> None:
    """An external entity brings nothing of this machine into a post."""
    secret = tmp_path / "secret.txt"
    secret.write_text("swordfish")
    said = f'<!DOCTYPE nitf [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + NITF.format("<p>Two hurt &x;</p>")

    (post,) = read(said, "application/xml").posts

    assert post.body_text == "Two hurt"
    assert "swordfish" not in (post.body_html or "")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<nitf>" + "<block>" * 5_000 + "</block>" * 5_000 + "</nitf>", "application/xml"),
        (NITF.format("<![CDATA[" + "<div>" * 5_000 + "]]>"), "application/xml"),
        ("[" * 100_000, "application/json"),
        (
            json.dumps({"uri": "u", "pubstatus": "usable", "body_html": "<blockquote>" * 50_000 + "x"}),
            "application/json",
        ),
        (json.dumps({"uri": "u", "pubstatus": "usable", "description_html": "<i>" * 50_000 + "x"}), "application/json"),
    ],
)
def test_nesting_bombs_are_refused_at_once(body: str, content_type: str) -> None:
    """Depth is told before anything is built of it."""
    began = time.monotonic()

    with pytest.raises(ParseError):
        read(body, content_type)

    assert time.monotonic() - began < 20  # minutes without the check


@pytest.mark.parametrize("html", ["<p>x" * 900, "<br>x" * 900, "<b>x</b>" * 900])
def test_many_elements_are_not_deep_ones(html: str) -> None:
    """A long text with many paragraphs is read; only nesting counts."""
    item = {"uri": "u", "pubstatus": "usable", "body_html": html}

    (post,) = read(json.dumps(item), "application/json").posts

    assert (post.body_text or "").count("x") == 900


@pytest.mark.parametrize(
    "body",
    [
        b'\r\n<?xml version="1.0" encoding="utf-8"?>' + NITF.format("<p>Caf\u00e9</p>").encode(),
        b'\xef\xbb\xbf<?xml version="1.0"?>' + NITF.format("<p>Caf\u00e9</p>").encode(),
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + NITF.format("<p>Caf\u00e9</p>").encode("latin-1"),
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + NITF.format("<p>Caf\u00e9</p>").encode(),
        b'<?xml version="1.0" encoding="utf-8"?>' + NITF.format("<p>Caf&eacute;</p>").encode(),
        b'<?xml version="1.0" encoding="utf-8"?>' + NITF.format("<p>Caf\u00e9\x02</p>").encode(),
        '<?xml version="1.0" encoding="utf-16"?>'.encode("utf-16")
        + NITF.format("<p>Caf\u00e9</p>").encode("utf-16-le"),
    ],
)
def test_charsets_and_slips(body: bytes) -> None:
    """Wrong declarations, HTML's entities, control characters and leading lines are put up with."""
    assert read(body, "application/xml").posts[0].body_text == "Caf\u00e9"


@pytest.mark.parametrize("body", ["<nitf>", "<nitf><a></nitf>", "<", "<?xml?>", "<nitf/>x"])
def test_what_is_no_xml_says_so(body: str) -> None:
    """Broken XML is an error that a person can read."""
    with pytest.raises(ParseError):
        read(body, "application/nitf+xml")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<!---->" * 600 + "x", "application/xml"),
        ("<nitf>" + " " * 500_000 + "</x>", "application/xml"),
        ("eca062 2 i 211 dpa 061\r\n" + "\n" * 300_000, "text/plain"),
        ("eca062 2 i 211 dpa 061\r\n" + "*" * 300_000, "text/plain"),
        (json.dumps({**ITEM, "byline": "\n" + " " * 300_000 + "x"}), "application/json"),
        (json.dumps({**ITEM, "body_html": "<h1>x" * 100_000}), "application/json"),
        (NITF.format("<p>" + "&lt;h1&gt;" * 100_000 + "</p>"), "application/xml"),
        ("<newsMessage><itemSet>" + "<newsItem/>" * 4_000 + "</itemSet></newsMessage>", "application/xml"),
    ],
)  # fmt: skip
def test_no_document_keeps_a_worker_busy(body: str, content_type: str) -> None:
    """Runs of blanks, comments, headings and items cost what they weigh, not their square."""
    began = time.monotonic()

    with suppress(ParseError):
        read(body, content_type)

    assert time.monotonic() - began < 20
