"""REST as a client meets it: conditional, compressed, paged, and as it is described."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from site_harness import ADMIN, NEWSROOM, Site, a_site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """Run it, with an entry in each coverage."""
    async with a_site() as found:
        yield found


async def fill(site: Site, count: int) -> None:
    """Push posts until the coverage has so many more entries."""
    posts = [
        {"id": f"m{n}", "headline": f"Update {n} of the day", "body_text": f"Told at length, {n} times. " * 5,
         "published_at": f"2024-05-01T13:{n:02}:00Z"}
        for n in range(count)
    ]  # fmt: skip
    for post in posts:
        await site.push("gazette", post)
    async with asyncio.timeout(30):
        while len((await (await site.get("/v1/coverages/open-day/entries?limit=200")).json())["entries"]) < count + 1:
            await asyncio.sleep(0.05)


async def test_lists_and_entries_are_conditional(site: Site) -> None:
    """Who has an answer is told so by 304 without a body; HEAD says what GET would, without one."""
    entry = site.entries["open-day"]
    for path in (
        "/v1/coverages",
        "/v1/coverages/open-day",
        "/v1/coverages/open-day/entries",
        f"/v1/entries/{entry}",
        f"/v1/entries/{entry}/revisions",
        "/v1/sources",
        "/openapi.json",
    ):
        first = await site.get(path, ADMIN)
        again = await site.get(path, ADMIN, **{"If-None-Match": first.headers["ETag"]})
        other = await site.get(path, ADMIN, **{"If-None-Match": '"another"'})
        async with site.session.head(site.url + path, headers={"Authorization": f"Bearer {ADMIN}"}) as head:
            assert head.status == 200

        assert (first.status, again.status, other.status) == (200, 304, 200), path
        assert head.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("coding", ["gzip", "br"])
async def test_large_answers_are_compressed_and_small_ones_and_streams_are_not(site: Site, coding: str) -> None:
    """The content is the same, the ETag is another's form of it, and a cache keeps both apart."""
    await fill(site, 20)
    path = "/v1/coverages/open-day/entries"
    plain = await site.get(path, **{"Accept-Encoding": "identity"})

    encoded = await site.get(path, **{"Accept-Encoding": coding})

    assert encoded.headers["Content-Encoding"] == coding
    assert int(encoded.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 3
    assert await encoded.json() == await plain.json()
    assert "Accept-Encoding" in ",".join(plain.headers.getall("Vary"))
    headers = {"Accept-Encoding": coding, "If-None-Match": encoded.headers["ETag"]}
    assert (await site.get(path, **headers)).status == 304
    small = await site.get("/v1/coverages/open-day", **{"Accept-Encoding": coding})
    assert "Content-Encoding" not in small.headers
    async with site.session.get(site.url + "/v1/stream", headers={"Accept-Encoding": coding}) as stream:
        assert "Content-Encoding" not in stream.headers


@pytest.mark.parametrize("path", ["/v1/coverages", "/v1/sources", "/v1/coverages/open-day/entries"])
async def test_lists_are_paged(site: Site, path: str) -> None:
    """Page after page gives what one large page does, in its order."""
    name = path.rpartition("/")[2]
    await fill(site, 6)
    whole = (await (await site.get(f"{path}?limit=200", ADMIN)).json())[name]

    pages, following = [], "0" if name != "entries" else ""
    while following is not None:
        answer = await site.get(f"{path}?limit=2" + (f"&cursor={following}" if following else ""), ADMIN)
        page = await answer.json()
        pages += page[name]
        following = page.get("next")
        assert ("Link" in answer.headers) is (following is not None)

    assert pages == whole
    assert len(whole) >= len(NEWSROOM.coverages)
    for wrong in ("limit=0", "limit=201", "limit=x", "limit=", "cursor=x", "cursor=", "limit=1&limit=2"):
        assert (await site.get(f"{path}?{wrong}", ADMIN)).status == 400


async def test_the_gateway_does_what_its_description_says(site: Site, tmp_path: Path) -> None:
    """Schemathesis makes requests of the description, right and wrong ones, and finds no answer against it.

    Streams are left out: they do not end. So is search: its words have a grammar that JSON Schema can't tell; what is
    refused of it is held by `test_search.py`.
    """
    await fill(site, 5)
    OpenAPIV31SpecValidator(await (await site.get("/openapi.json")).json()).validate()
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{site.url}/openapi.json",
        "--header", f"Authorization: Bearer {ADMIN}",
        "--exclude-path-regex", "/stream$|/replay$|/v1/search$",
        "--phases", "coverage,fuzzing", "--max-examples", "15", "--seed", "7", "--no-color",
    ]  # fmt: skip

    done = await asyncio.to_thread(
        subprocess.run, command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240
    )

    assert done.returncode == 0, done.stdout[-6000:]
    async with aiohttp.ClientSession() as session, session.get(f"{site.url}/readyz") as answer:
        assert answer.status == 200
