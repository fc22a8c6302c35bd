"""`GET /v1/search`, over a real archive."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from gateway_harness import NOON, an_entry

from schemas import Change, Status
from tests.unit.gateway.archive_bench import ArchiveBench


async def headlines(bench: ArchiveBench, q: str, more: str = "") -> list[str]:
    """Return what is found, best first."""
    told = await bench.json(f"/v1/search?q={quote(q)}{more}")
    return [each["entry"]["headline"] for each in told["entries"]]


def text(number: int, headline: str, body: str = "Nothing else.", **fields: Any) -> Any:
    """Return an entry with these words."""
    return an_entry(number, headline=headline, body_text=body, **fields)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("müller", ["Herr MÜLLER spricht", "Muller again"]),
        ("MULLER", ["Herr MÜLLER spricht", "Muller again"]),
        ("strasse", ["Die Straße brennt"]),
        ("Øresund", ["Across the Oresund"]),
        ("火災", ["港で火災が発生"]),
        ("ไฟ", ["ไฟไหม้ที่ท่าเรือ"]),
        ("пожар", ["Пожар в порту"]),
        ("fire north", ["Fire at the quay"]),
        ('"north quay"', ["Fire at the quay"]),
        ('"quay north"', []),
        ("burn*", ["Burning hours"]),
        ("burn", []),
        ("fire AND nothing-of-it", []),
        ("reyes", ["By a name"]),
        ('"', None),
        ('fire OR "', []),
        ("NEAR(fire)", []),
        ("headline:fire", []),
        ("don't", ["We don't know"]),
    ],
)
async def test_words_are_found_whatever_their_case_accents_and_script(
    bench: ArchiveBench, q: str, found: list[str] | None
) -> None:
    """All words must occur, a phrase side by side; nothing but quotes and a star is an operator."""
    await bench.publish(
        [
            text(1, "Muller again"),
            text(2, "Herr MÜLLER spricht"),
            text(3, "Die Straße brennt"),
            text(4, "Across the Oresund"),
            text(5, "港で火災が発生"),
            text(6, "ไฟไหม้ที่ท่าเรือ"),
            text(7, "Пожар в порту"),
            text(8, "Fire at the quay", "It began on the north quay."),
            text(9, "Burning hours"),
            text(10, "By a name", authors=["Ana Reyes"]),
            text(11, "We don't know"),
        ]
    )
    if found is None:
        assert (await bench.get(f"/v1/search?q={quote(q)}")).status == 400
    else:
        assert sorted(await headlines(bench, q)) == sorted(found)


async def test_the_best_comes_first_and_of_equals_the_newest(bench: ArchiveBench) -> None:
    """A word in the headline counts more than one in the body."""
    body = "Some words about the harbour and the weather there."
    await bench.publish([text(n, f"Report {n}", body) for n in range(3)] + [text(9, "Harbour closed", "No more.")])

    told = await bench.json("/v1/search?q=harbour")

    assert [each["entry"]["headline"] for each in told["entries"]] == [
        "Harbour closed",
        "Report 2",
        "Report 1",
        "Report 0",
    ]
    scores = [each["score"] for each in told["entries"]]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[1] > 0


async def test_matches_are_marked_and_the_rest_is_safe(bench: ArchiveBench) -> None:
    """Each field that matches, escaped but for the marks; of a long text the part around the first match."""
    long = (
        "filler word here. " * 100 + "Then <script>alert(1)</script> the FIRE & smoke came. " + "and on and on. " * 100
    )
    await bench.publish(
        [text(1, 'The "fire" <b>today</b>', long, authors=["Fire Desk"], summary="A fire, a fire brigade")]
    )

    (found,) = (await bench.json("/v1/search?q=fire"))["entries"]
    marked = {each["field"]: each["text"] for each in found["highlights"]}

    assert marked["headline"] == "The &quot;<mark>fire</mark>&quot; &lt;b&gt;today&lt;/b&gt;"
    assert marked["summary"] == "A <mark>fire</mark>, a <mark>fire</mark> brigade"
    assert marked["authors"] == "<mark>Fire</mark> Desk"
    assert "&lt;script&gt;alert(1)&lt;/script&gt; the <mark>FIRE</mark> &amp; smoke" in marked["body_text"]
    assert marked["body_text"].startswith("…")
    assert marked["body_text"].endswith("…")
    assert len(marked["body_text"]) < 800


@pytest.mark.parametrize(
    ("q", "headline", "marked"),
    [
        ("muller", "Herr Müller", "Herr <mark>Müller</mark>"),
        ("müller", "Herr Mu\u0308ller da", "Herr <mark>Mu\u0308ller</mark> da"),
        ("火災", "港で火災が発生", "港で<mark>火災</mark>が発生"),
        ('"north quay"', "north of the North Quay", "north of the <mark>North Quay</mark>"),
        ("burn*", "Burning burns", "<mark>Burning</mark> <mark>burns</mark>"),
    ],
)
async def test_a_mark_stands_around_what_the_text_says(bench: ArchiveBench, q: str, headline: str, marked: str) -> None:
    """Not around its folded form."""
    await bench.publish([text(1, headline)])

    (found,) = (await bench.json(f"/v1/search?q={quote(q)}"))["entries"]

    assert found["highlights"] == [{"field": "headline", "text": marked}]


async def test_search_finds_what_stands_now(bench: ArchiveBench) -> None:
    """An edit is found by its new words alone, a retraction not at all until it is restored."""
    await bench.publish([text(1, "Old words"), text(2, "Other words")])
    await bench.publish([an_entry(1, 2, headline="New words")])
    assert await headlines(bench, "old") == []
    assert await headlines(bench, "new") == ["New words"]

    gone = {"change": Change.RETRACTED, "headline": None, "body_text": None}
    await bench.publish(
        [an_entry(1, 3, status=Status.CANCELED, **gone), an_entry(2, 2, status=Status.WITHHELD, **gone)]
    )
    assert await headlines(bench, "words") == []

    await bench.publish([an_entry(1, 4, change=Change.RESTORED, headline="New words")])
    assert await headlines(bench, "words") == ["New words"]


async def test_pages_give_each_entry_once_while_others_come_in(bench: ArchiveBench) -> None:
    """What is newer than the first page does not push the others on; filters hold on each page."""
    await bench.publish([text(n, f"Fire {n}", source_id="radio-quay" if n % 3 else "evening-post") for n in range(30)])
    path, found = "/v1/search?q=fire&source=radio-quay&limit=4", []
    cursor = ""
    while True:
        told = await bench.json(path + cursor)
        found += [each["entry"]["headline"] for each in told["entries"]]
        await bench.publish([text(100 + len(found), f"Fire {100 + len(found)}", source_id="radio-quay")])
        if "next" not in told:
            break
        cursor = f"&cursor={told['next']}"

    assert found == [f"Fire {n}" for n in range(29, 0, -1) if n % 3]


async def test_filters_and_rights_are_those_of_other_routes(bench: ArchiveBench) -> None:
    """Duplicates are left out unless asked for, a coverage that may not be read says nothing."""
    await bench.publish(
        [
            text(1, "Fire one"),
            text(2, "Fire two", duplicate_of=an_entry(1).entry_id, source_id="radio-quay"),
            text(3, "Fire three", coverage_id="election", language="de"),
            text(4, "Fire secret", coverage_id="secret"),
        ]
    )

    assert sorted(await headlines(bench, "fire")) == ["Fire one", "Fire three"]
    assert sorted(await headlines(bench, "fire", "&duplicates=include")) == ["Fire one", "Fire three", "Fire two"]
    assert await headlines(bench, "fire", "&coverage=election&language=de") == ["Fire three"]
    assert (await bench.get("/v1/search?q=fire&coverage=secret")).status == 404


@pytest.mark.parametrize(
    "query",
    [
        "", "?q=", "?q=%20", "?q=...", "?q=a&q=b", f"?q={'a' * 501}", "?q=fire&limit=0", "?q=fire&cursor=x",
        "?q=fire&cursor=1", "?q=fire&cursor=1-" + "9" * 30, "?q=fire&min_urgency=x", "?q=fire&sort=new",
        "?q=a*", "?q=" + "%20".join(f"w{n}" for n in range(21)),
    ],
)  # fmt: skip
async def test_what_is_refused(bench: ArchiveBench, query: str) -> None:
    """With a 400 that says what is wrong."""
    assert (await bench.get(f"/v1/search{query}")).status == 400


async def test_an_answer_has_an_etag(bench: ArchiveBench) -> None:
    """As all of REST."""
    await bench.publish([text(1, "Fire")])
    etag = (await bench.get("/v1/search?q=fire")).headers["ETag"]

    assert (await bench.get("/v1/search?q=fire", If_None_Match=etag)).status == 304


async def test_search_and_writing_go_on_side_by_side(bench: ArchiveBench) -> None:
    """Every answer is of one moment: an entry is found by the words that it has in the answer."""

    async def write() -> None:
        for n in range(2, 40):
            words = "alpha" if n % 2 else "beta"
            await bench.publish([an_entry(1, n, headline=words, received_at=NOON + timedelta(seconds=n))])

    async def read() -> None:
        for _ in range(20):
            for found in await headlines(bench, "alpha"):
                assert found == "alpha"

    await bench.publish([text(1, "alpha")])
    await asyncio.gather(write(), read())
