"""What stays out of reach, with real connections: here 127.0.0.1 counts as the public internet, all else as it is."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer
from publisher import PAGE, Page, Publisher

from streams.ingest.polling.fetch import Fetched, Fetcher, FetchError, FetchOptions, Reason
from streams.ingest.polling.hosts import Hosts
from streams.ingest.polling.internal_address import is_internal

OPTIONS = FetchOptions("Liveline/test", 100_000, timeout=5)


@dataclass
class Names(AbstractResolver):
    """A name service whose answers to a name follow one another; the last one stays."""

    addresses: Mapping[str, list[str]]
    asked: list[str] = field(default_factory=list)

    async def resolve(self, host: str, port: int = 0, _: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """Return the next answer."""
        answers = self.addresses[host]
        address = answers[min(self.asked.count(host), len(answers) - 1)]
        self.asked.append(host)
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Hold nothing."""


@dataclass
class Net:
    """A public server, one that only this network can reach, and a client."""

    public: Publisher
    inside: Publisher
    port: int
    names: Names
    fetcher: Fetcher


@pytest.fixture
async def net() -> AsyncIterator[Net]:
    """Run both servers on one port, 127.0.0.1 and 127.0.0.2."""
    public, inside = Publisher(), Publisher()
    names = Names(
        {
            "news.test": ["127.0.0.1"],
            "inside.test": ["127.0.0.2"],
            "rebinding.test": ["127.0.0.1", "127.0.0.2"],
        }
    )
    async with TestServer(public.app) as one, TestServer(inside.app, host="127.0.0.2", port=one.port):
        fetcher = Fetcher(OPTIONS, Hosts(gap=0), lookup=names, judge=lambda ip: ip != "127.0.0.1" and is_internal(ip))
        async with fetcher:
            yield Net(public, inside, one.port or 0, names, fetcher)


async def test_a_public_name_is_fetched(net: Net) -> None:
    """The guard is no obstacle to what may be read."""
    fetched = await net.fetcher.get(f"http://news.test:{net.port}/live")

    assert (fetched.status, fetched.body) == (200, PAGE)


WAYS: dict[str, Callable[[Net, str], Awaitable[Fetched]]] = {
    "asked for": lambda net, inside: net.fetcher.get(inside),
    "redirected to": lambda net, _: net.fetcher.get(f"http://news.test:{net.port}/live"),
    "a hub": lambda net, inside: net.fetcher.post(inside, {"hub.mode": "subscribe"}),
}


@pytest.mark.parametrize("host", ["127.0.0.2", "inside.test", "[::1]", "[::ffff:127.0.0.2]", "169.254.169.254"])
@pytest.mark.parametrize("way", WAYS)
async def test_what_only_this_network_can_reach_is_refused(net: Net, host: str, way: str) -> None:
    """Whether liveline.yaml names it, a page redirects to it, or a feed calls it its hub; nothing is sent there."""
    inside = f"http://{host}:{net.port}/live"
    net.public.pages["/live"] = Page(b"", 302, {"Location": inside})

    with pytest.raises(FetchError) as error:
        await WAYS[way](net, inside)

    assert error.value.reason is Reason.INTERNAL
    assert net.inside.requests == net.inside.forms == []


async def test_a_hub_that_redirects_inside_is_refused(net: Net) -> None:
    """A form goes no further than a page."""

    async def redirect(_: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": f"http://inside.test:{net.port}/hub"})

    public = web.Application()
    public.router.add_post("/hub", redirect)
    async with TestServer(public) as server:
        with pytest.raises(FetchError) as error:
            await net.fetcher.post(f"http://news.test:{server.port}/hub", {"hub.mode": "subscribe"})

    assert error.value.reason is Reason.INTERNAL
    assert net.inside.forms == []


async def test_a_name_that_changes_its_meaning_gains_nothing(net: Net) -> None:
    """The connection goes to the address that was judged; it is not looked up a second time for the connection."""
    fetched = await net.fetcher.get(f"http://rebinding.test:{net.port}/live")

    assert (fetched.status, net.names.asked) == (200, ["rebinding.test"])

    async with Fetcher(OPTIONS, Hosts(gap=0), lookup=net.names, judge=net.fetcher._judge) as anew:
        with pytest.raises(FetchError) as error:
            await anew.get(f"http://rebinding.test:{net.port}/live")
    assert error.value.reason is Reason.INTERNAL
    assert net.inside.requests == []


@pytest.mark.parametrize("host", ["2130706434", "0x7f.2", "0177.0.0.2", "127.2", "localhost"])
async def test_an_address_in_disguise_is_no_way_in(net: Net, host: str) -> None:
    """Numbers, hexadecimal and octal forms that the system would take for an address, with its own look-up."""
    async with Fetcher(OPTIONS, Hosts(gap=0)) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.get(f"http://{host}:{net.port}/live")

    assert net.inside.requests == net.public.requests == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://news.test/", "gopher://news.test", "//news.test/", "live", "", "http://", "http://["],
)
async def test_only_http_is_fetched(net: Net, url: str) -> None:
    """The message says what is expected."""
    with pytest.raises(FetchError) as error:
        await net.fetcher.get(url)

    assert error.value.reason is Reason.URL


@pytest.mark.parametrize(
    "url", ["http://desk:s3cret@[::1", "http://desk:s3cret@127.0.0.2/", "ftp://desk:s3cret@x.test/"]
)
async def test_no_error_tells_a_password(net: Net, url: str) -> None:
    """Messages go to the log."""
    with pytest.raises(FetchError) as error:
        await net.fetcher.get(url)

    assert "s3cret" not in str(error.value)


async def test_redirects_have_an_end(net: Net) -> None:
    """Five are followed; the sixth request is the last."""
    for number in range(10):
        net.public.pages[f"/{number}"] = Page(b"", 302, {"Location": f"/{number + 1}"})
    with pytest.raises(FetchError) as error:
        await net.fetcher.get(f"http://news.test:{net.port}/0")

    assert error.value.reason is Reason.REDIRECTS
    assert len(net.public.requests) == 6


@pytest.mark.parametrize(("status", "forms"), [(307, 2), (308, 2), (301, 1), (302, 1), (303, 1)])
async def test_a_form_is_sent_on_only_where_the_method_stays(net: Net, status: int, forms: int) -> None:
    """A hub that moved says 307 or 308; a GET would subscribe to nothing."""
    seen = []

    async def hub(request: web.Request) -> web.StreamResponse:
        seen.append(dict(await request.post()))
        return web.Response(status=202 if request.path == "/new" else status, headers={"Location": "/new"})

    app = web.Application()
    app.router.add_post("/{path}", hub)
    async with TestServer(app) as server:
        answer = await net.fetcher.post(f"http://news.test:{server.port}/hub", {"hub.mode": "subscribe"})

    assert answer.status == (202 if forms == 2 else status)
    assert seen == [{"hub.mode": "subscribe"}] * forms


@pytest.mark.parametrize(
    "host", ["a" * 64 + ".test", "news..test", ".test", "xn--" + "9" * 70 + ".test", "\udcff.test"]
)
async def test_a_redirect_to_a_name_that_is_none_is_refused(host: str) -> None:
    """What an encoding has to say of it is no error of ours."""

    async def redirect(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": f"http://{host}/live"})

    app = web.Application()
    app.router.add_get("/live", redirect)
    options = FetchOptions("Liveline/test", 1000, internal=True)
    async with TestServer(app) as server, Fetcher(options, Hosts(gap=0)) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.get(str(server.make_url("/live")))
        with pytest.raises(FetchError):
            await fetcher.post(f"http://{host}/hub", {"hub.mode": "subscribe"})
