"""Who may read what, asked from outside: everything in one process on the embedded broker."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from gateway_harness import read_events, take, until
from site_harness import ADMIN, PLACES, STRAY, Site, a_site, token


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """Run it, with an entry in each coverage."""
    async with a_site() as found:
        yield found


READERS = {
    "nobody": (None, ("open-day",)),
    "limited": ({"coverages": ["harbour-*"]}, ("open-day", "harbour-fire")),
    "all": ({"coverages": ["*"]}, ("open-day", "harbour-fire", "election")),
    "admin": ({"admin": True}, PLACES),
}


@pytest.mark.parametrize("reader", READERS)
async def test_a_right_is_the_same_on_every_route(site: Site, reader: str) -> None:
    """Lists, entries, history, live and page show a coverage, or deny it in the same way."""
    rights, shown = READERS[reader]
    bearer = token(**rights) if rights is not None else None

    listed = [each["id"] for each in (await (await site.get("/v1/coverages", bearer)).json())["coverages"]]
    async with site.stream("/v1/stream?since=2000-01-01T00:00:00Z", bearer) as events:
        history = {event.json["coverage_id"] for event in await until(events, "live") if event.event == "entry"}
    async with site.stream("/v1/stream?replay=latest", bearer) as events:
        latest = {event.json["coverage_id"] for event in await until(events, "live") if event.event == "entry"}

    assert set(listed) == history == latest == set(shown)
    for place in PLACES:
        if place in shown:
            expected = 200
        elif rights is None or place == STRAY:
            expected = 404
        else:
            expected = 403
        for path in (
            f"/v1/coverages/{place}",
            f"/v1/coverages/{place}/entries",
            f"/v1/entries/{site.entries[place]}",
            f"/v1/entries/{site.entries[place]}/revisions",
            f"/coverages/{place}",
        ):
            assert (await site.get(path, bearer)).status == expected, path
        for path in (f"/v1/coverages/{place}/stream", f"/v1/stream?coverage={place}"):
            async with site.session.get(
                site.url + path, headers={"Authorization": f"Bearer {bearer}"} if bearer else {}
            ) as answer:
                assert answer.status == expected, path


async def test_a_hidden_coverage_is_answered_as_one_that_does_not_exist(site: Site) -> None:
    """Nothing in the answer tells that there is one."""
    for path in ("/v1/coverages/{}", "/v1/coverages/{}/entries", "/v1/stream?coverage={}", "/coverages/{}"):
        hidden = await site.get(path.format("harbour-fire"))
        absent = await site.get(path.format("harbour-none"))

        assert (await hidden.json()) == {
            **(await absent.json()),
            "detail": (await absent.json())["detail"].replace("harbour-none", "harbour-fire"),
        }


async def test_an_entry_goes_live_to_those_alone_who_may_read_it(site: Site) -> None:
    """The hub writes each revision once for each filter, and a right is a part of it."""
    async with (
        site.stream("/v1/stream") as nobody,
        site.stream("/v1/stream", token(coverages=["harbour-fire"])) as limited,
    ):
        await until(nobody, "live")
        await until(limited, "live")
        for source in ("evening-post", "gazette"):
            post = {"id": "p2", "headline": f"More of {source}", "published_at": "2024-05-01T12:01:00Z"}
            await site.push(source, post)

        assert {event.json["source_id"] for event in await take(limited, 2)} == {"evening-post", "gazette"}
        assert [event.json["source_id"] for event in await take(nobody, 1)] == ["gazette"]


async def test_a_stream_ends_with_its_token(site: Site) -> None:
    """An event says so, and the connection closes; the token opens nothing any more."""
    bearer = token(1.2, coverages=["harbour-fire"])

    async with asyncio.timeout(20), site.stream("/v1/coverages/harbour-fire/stream", bearer) as events:
        found = [event async for event in events]

    assert found[-1].event == "expired"
    assert (await site.get("/v1/coverages", bearer)).status == 401


@pytest.mark.parametrize("path", ["/v1/coverages", "/v1/stream", "/", "/coverages/open-day", "/v1/sources"])
async def test_a_bad_token_is_refused_where_none_is_needed_too(site: Site, path: str) -> None:
    """Whoever sends one is told that it does not count, whatever it came in."""
    bad = token(-1)
    mark = "&" if "?" in path else "?"
    for answer in (
        await site.get(path, bad),
        await site.get(f"{path}{mark}access_token={bad}"),
        await site.get(path, Cookie=f"liveline_token={bad}"),
    ):
        assert answer.status == 401
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    # A browser would be refused for good, if its old cookie stayed.
    assert answer.cookies["liveline_token"]["max-age"] == "0"


async def test_sources_are_for_admins(site: Site) -> None:
    """401 without a token, 403 without the right; an admin reads when each last said something new."""
    assert (await site.get("/v1/sources")).status == 401
    assert (await site.get("/v1/sources", token(coverages=["*"], alerts=True))).status == 403

    answer = await site.get("/v1/sources", ADMIN)

    found = {each["id"]: each for each in (await answer.json())["sources"]}
    assert {"gazette", "evening-post", "radio-quay"} == found.keys()
    assert found["gazette"]["coverage"] == "open-day"
    assert found["gazette"]["received_at"].endswith("Z")
    assert found["radio-quay"]["entries"] == 1


@pytest.mark.parametrize(
    ("origin", "seen"),
    [(None, True), ("own", True), ("https://paper.example", True), ("https://evil.example", False), ("null", False)],
)
async def test_a_cookie_speaks_for_pages_that_may_use_it(site: Site, origin: str | None, *, seen: bool) -> None:
    """Another site's page reads what is public, whatever cookie its browser sends along."""
    headers = {"Cookie": f"liveline_token={token(coverages=['*'])}"}
    if origin is not None:
        headers["Origin"] = site.url if origin == "own" else origin

    answer = await site.get("/v1/coverages", **headers)

    assert ("harbour-fire" in await answer.text()) is seen
    async with site.session.get(site.url + "/v1/stream?replay=latest", headers=headers) as stream:
        live = {each.json["coverage_id"] for each in await until(read_events(stream), "live") if each.event == "entry"}
    assert ("harbour-fire" in live) is seen
    named = origin == "https://paper.example"
    for each in (answer, stream):
        assert each.headers["Access-Control-Allow-Origin"] == (origin if named else "*")
        assert ("Access-Control-Allow-Credentials" in each.headers) is named


@pytest.mark.parametrize("path", ["/", "/coverages/harbour-fire"])
async def test_a_page_turns_a_token_in_its_address_into_a_cookie(site: Site, path: str) -> None:
    """The address that stays in the history has none; the rest of it is as it was."""
    good = token(600, coverages=["harbour-*"])

    answer = await site.get(f"{path}?key_event=true&access_token={good}")

    assert answer.status == 303
    assert answer.headers["Location"] == f"{path}?key_event=true"
    cookie = answer.cookies["liveline_token"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (good, True, "Strict")
    assert 0 < int(cookie["max-age"]) <= 600
    assert (await site.get(path, Cookie=f"liveline_token={cookie.value}")).status == 200


async def test_a_token_opens_no_shared_cache(site: Site) -> None:
    """What one reader sees with a token must not be handed to the next."""
    assert "private" in (await site.get("/v1/coverages", ADMIN)).headers["Cache-Control"]
    assert "private" not in (await site.get("/v1/coverages")).headers["Cache-Control"]
