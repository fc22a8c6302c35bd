"""The live page as it leaves the gateway: complete without a script, whatever stands in its entries."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from fake_gateway import FakeGateway, gateways
from gateway_harness import NOON, an_entry
from selectolax.lexbor import LexborHTMLParser

from schemas import Change, Status

PAGE = "/coverages/harbour-fire"


@dataclass
class Site:
    """A gateway, and who reads its pages."""

    gateway: FakeGateway
    session: aiohttp.ClientSession

    async def get(self, path: str = PAGE, status: int = 200, **headers: str) -> tuple[str, Any]:
        """Return a page and its headers."""
        async with self.session.get(self.gateway.url + path, headers=headers) as answer:
            assert answer.status == status, await answer.text()
            return await answer.text(), answer.headers

    async def page(self, path: str = PAGE) -> LexborHTMLParser:
        """Return a page, read."""
        return LexborHTMLParser((await self.get(path))[0])


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Start a gateway that shows pictures of one host."""
    options = {"page_pictures": ("media.example", "*.cdn.example"), "embed_sites": ("https://www.paper.example",)}
    async with gateways(tmp_path)(**options) as gateway, aiohttp.ClientSession() as session:
        yield Site(gateway, session)


async def publish(site: Site, *entries: Any) -> None:
    """Publish entries and wait until the gateway has the last of them."""
    await site.gateway.publish(entries)
    await site.gateway.held(entries[-1])


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    """Return the texts of what a selector finds."""
    return [" ".join(node.text().split()) for node in page.css(selector)]


async def test_everything_is_there_without_a_script(site: Site) -> None:
    """Newest first under the pinned one; pictures, key moments, edits, other sources and permalinks."""
    picture = {
        "type": "image",
        "url": "https://media.example/q.jpg",
        "caption": "The quay",
        "credit": "Reyes",
        "alt": "Smoke",
    }
    elsewhere = {"type": "image", "url": "https://other.example/q.jpg", "caption": "Elsewhere"}
    also = {"source_id": "radio-quay", "entry_id": an_entry(9).entry_id, "published_at": NOON + timedelta(minutes=3)}
    await publish(
        site,
        an_entry(1, headline="What we know", pinned=True),
        an_entry(2, media=[picture, elsewhere], first_published_at=NOON + timedelta(minutes=1)),
        an_entry(3, key_event=True, sources=[also], first_published_at=NOON + timedelta(minutes=2)),
        an_entry(
            3, 2, key_event=True, sources=[also], headline="Three hurt", changed_fields=("headline",),
            first_published_at=NOON + timedelta(minutes=2), processed_at=NOON + timedelta(minutes=125),
        ),
    )  # fmt: skip
    page = await site.page()

    assert texts(page, "h1") == ["Harbour fire"]
    assert texts(page, "li.entry h3") == ["What we know", "Three hurt", "Update 2"]
    assert texts(page, "li.entry .clock time") == ["12:00", "12:02", "12:01"]
    assert texts(page, "#key-list a") == ["Three hurt"]
    (key,) = page.css("#key-list li")
    assert (key.css_first("time").attributes["datetime"], key.css_first("a").attributes["href"]) == (
        "2024-05-01T12:02:00.000Z",
        f"#e-{an_entry(3).entry_id}",
    )
    assert "Edited 14:05" in texts(page, ".label.edited")
    assert "Also reported by Radio Quay at 12:03" in texts(page, ".also")
    image = page.css_first("figure img").attributes
    assert (image["src"], image["alt"]) == ("https://media.example/q.jpg", "Smoke")
    assert texts(page, "figcaption") == ["The quay (Reyes)"]
    assert texts(page, "p.aside") == ["Picture: Elsewhere"]
    assert texts(page, "#facts") == ["3 updates · 2 sources · last change 14:05"]


async def test_the_head_tells_others_what_it_is(site: Site) -> None:
    """LiveBlogPosting, Open Graph, a canonical address without what others append, and the feeds."""
    await publish(site, an_entry(1, headline="Fire at the quay </script>"))
    page = await site.page(f"{PAGE}?utm_source=mail&fbclid=1")
    graph = {node.attributes.get("property"): node.attributes["content"] for node in page.css("meta[property]")}
    posting = orjson.loads(page.css_first('script[type="application/ld+json"]').text())

    assert page.css_first("link[rel=canonical]").attributes["href"] == site.gateway.url + PAGE
    assert graph["og:title"] == "Harbour fire"
    assert graph["og:url"] == site.gateway.url + PAGE
    assert graph["og:description"] == "Fire at the quay </script>"
    assert (posting["@type"], posting["liveBlogUpdate"][0]["headline"]) == (
        "LiveBlogPosting",
        "Fire at the quay </script>",
    )
    assert [node.attributes["href"].rpartition(".")[2] for node in page.css("link[rel=alternate]")] == [
        "atom", "rss", "json", "jsonld", "ninjs",
    ]  # fmt: skip


ATTACK = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"


async def test_hostile_entries_stay_text(site: Site) -> None:
    """In every field that a source fills, in the list, the head and the data for the scripts."""
    bad = "javascript:alert(1)"
    deep = "<div>" * 3000 + "deep" + "</div>" * 3000
    await publish(
        site,
        an_entry(1, headline=ATTACK, body_text=ATTACK, authors=[ATTACK], key_event=True, url=bad, summary=ATTACK,
                 media=[{"type": "image", "url": bad, "caption": ATTACK, "credit": ATTACK, "alt": ATTACK},
                        {"type": "image", "url": f"https://media.example/{ATTACK}", "alt": ATTACK}],
                 embeds=[{"provider": ATTACK, "url": bad, "text": ATTACK}],
                 entities=[{"type": "person", "name": ATTACK, "text": "x", "start": 0, "end": 1}],
                 places=[{"name": ATTACK}], source_id="evening-post"),
        an_entry(2, body_html=f"{ATTACK}<p onclick=alert(1) style=color:red>kept <a href='{bad}'>here</a>"
                 f"<a href='https://e.example/?a=\"><script>alert(1)</script>'>there</a><b>b</b></p>{deep}"),
        an_entry(3, body_html="<p>a <a href='https://e.example/p'><img src='https://e.example/p.jpg'></a> b</p>"),
    )  # fmt: skip

    for path in (
        PAGE,
        f"{PAGE}/embed",
        "/",
        f"{PAGE}?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        f"{PAGE}?entity={'x' * 900}",
    ):
        page = await site.page(path)
        scripts = [node.attributes for node in page.css("script")]
        assert all(
            each.get("src", "").startswith("/page/") or each.get("type", "").endswith("json") for each in scripts
        )
        handlers = [
            name for node in page.css("*") for name in node.attributes if name.startswith("on") or name == "style"
        ]
        assert handlers == []
        assert page.css("svg, iframe, object, [href^=javascript], [src^=javascript]") == []
        for block in page.css('script[type$="json"]'):
            orjson.loads(block.text())
    page = await site.page()
    assert page.css_first(f"#e-{an_entry(1).entry_id} h3").text() == ATTACK
    assert texts(page, f"#e-{an_entry(2).entry_id} .body a") == ["there"]
    assert texts(page, f"#e-{an_entry(3).entry_id} .body a") == []
    assert len(page.css("li.entry")) == 3


async def test_filters_stand_in_the_address(site: Site) -> None:
    """A person, a place, a figure, words, what changed; each can be taken back; parameters of others are ignored."""
    who = {"type": "person", "name": "Ada Ruiz", "text": "Ada Ruiz", "start": 0, "end": 8}
    dead = {"kind": "dead", "value": 3, "text": "3", "start": 0, "end": 1}
    gone = {"change": Change.RETRACTED, "status": Status.CANCELED, "headline": None, "body_text": None}
    await publish(
        site,
        an_entry(1, entities=[who]),
        an_entry(2, places=[{"name": "Quayside"}], body_text="The wind turned"),
        an_entry(3, figures=[dead]),
        an_entry(4),
        an_entry(4, 2, headline="Four, edited", changed_fields=("headline",)),
        an_entry(5),
        an_entry(5, 2, **gone),
        an_entry(6, source_id="radio-quay", key_event=True),
    )

    async def shown(query: str) -> set[str]:
        return set(texts(await site.page(f"{PAGE}?{query}"), "li.entry h3, li.entry .gone"))

    assert await shown("entity=Ada+Ruiz") == {"Update 1"}
    assert await shown("place=quayside&utm_source=x") == {"Update 2"}
    assert await shown("figure=dead") == {"Update 3"}
    assert await shown("q=wind+turned") == {"Update 2"}
    assert await shown("source=radio-quay") == await shown("key_event=true") == {"Update 6"}
    assert await shown("show=changed") == {"Four, edited", "Evening Post withdrew this update at 12:00."}
    page = await site.page(f"{PAGE}?entity=Ada+Ruiz&show=changed")
    assert [node.attributes["href"] for node in page.css(".filtered a")] == ["?show=changed"]
    assert page.css_first("#q").attributes["name"] == "q"
    assert {node.attributes["name"]: node.attributes["value"] for node in page.css("#search input[type=hidden]")} == {
        "entity": "Ada Ruiz",
        "show": "changed",
    }
    facets = dict(
        zip(
            texts(await site.page(), ".facet h3"),
            [texts(each, "a") for each in (await site.page()).css(".facet ul")],
            strict=True,
        )
    )
    assert facets == {
        "People": ["Ada Ruiz"],
        "Places": ["Quayside"],
        "Figures": ["Dead"],
        "Sources": ["Evening Post", "Radio Quay"],
    }
    await site.get(f"{PAGE}?min_urgency=ten", 400)


async def test_earlier_ones_are_a_link_away(site: Site) -> None:
    """Fifty a page, each once, to the last; where there are more, no number is claimed."""
    await publish(site, *(an_entry(n, first_published_at=NOON + timedelta(minutes=n)) for n in range(120)))
    path, found, facts = PAGE, [], []
    while path:
        page = await site.page(path)
        found += texts(page, "li.entry h3")
        facts.append(page.css_first("#facts").text().split(" · ")[0])
        earlier = page.css_first("#earlier").attributes
        path = None if "hidden" in earlier else PAGE + earlier["href"]

    assert found == [f"Update {n}" for n in reversed(range(120))]
    assert facts == ["The newest 50 updates", "50 earlier updates", "20 earlier updates"]


async def test_who_has_it_is_told_so(site: Site) -> None:
    """A 304 until something of the coverage changes, whatever other coverages do; compressed on request."""
    await publish(site, an_entry(1))
    _, first = await site.get()
    await publish(site, an_entry(2, coverage_id="election", source_id="gazette"))
    async with site.session.get(site.gateway.url + PAGE, headers={"If-None-Match": first["ETag"]}) as answer:
        assert answer.status == 304
    await publish(site, an_entry(3))
    async with site.session.get(
        site.gateway.url + PAGE, headers={"If-None-Match": first["ETag"], "Accept-Encoding": "gzip"}
    ) as answer:
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, "gzip")
        assert "Update 3" in await answer.text()


async def test_who_may_hold_it_in_a_frame(site: Site) -> None:
    """The page itself nobody; the one for iframes whom a setting names. Another names pictures' hosts."""
    _, page = await site.get()
    _, embedded = await site.get(f"{PAGE}/embed")

    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://www.paper.example" in embedded["Content-Security-Policy"]
    assert "img-src 'self' media.example *.cdn.example;" in page["Content-Security-Policy"]
    await site.get("/coverages/no-such", 404)
    await site.get("/coverages/no-such/embed", 404)


@pytest.mark.parametrize("path", ["/liveline.js", "/liveline.d.ts", "/embed.js", "/page/feed_element.js"])
async def test_files_are_for_other_sites_as_well(site: Site, path: str) -> None:
    """Any page may load them; each has an ETag."""
    _, headers = await site.get(path)

    assert headers["Access-Control-Allow-Origin"] == "*"
    async with site.session.get(site.gateway.url + path, headers={"If-None-Match": headers["ETag"]}) as answer:
        assert answer.status == 304


async def test_the_types_name_all_that_the_client_gives(site: Site) -> None:
    """What the module exports, its types declare, and nothing else."""
    script, _ = await site.get("/liveline.js")
    types, _ = await site.get("/liveline.d.ts")

    def exported(text: str, *words: str) -> set[str]:
        lines = [line.split() for line in text.splitlines() if line.startswith("export ")]
        return {line[2].split("(")[0] for line in lines if line[1] in words}

    assert exported(script, "function", "class") == exported(types, "function", "class") == {"follow", "Entries"}
