"""What `/v1/dead-letters` and its page do: one suite, run on the embedded broker and on Kafka."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from confluent_kafka import Producer
from prometheus_client import CollectorRegistry
from replay_harness import at, document_headers

from streams.bootstrap.gateway_server import GatewayServer
from streams.gateway.auth.tokens import TokenRules
from streams.gateway.config import GatewayConfig
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.message import Message
from streams.runtime.kafka.read_until import ReadUntil
from streams.runtime.kafka.watermarks import watermarks_of
from streams.topology import Names

_TOKEN = "token-of-the-admin"  # noqa: S105  (a test's own)


@dataclass
class LetterSite:
    """A gateway over topics with dead letters, and an administrator's session."""

    connection: KafkaConnection
    names: Names
    url: str
    session: aiohttp.ClientSession

    def write(self, number: int, body: bytes = b"x", *, partition: int = 0, **headers: str) -> None:
        """Write a letter as a worker does."""
        told = {
            **document_headers(number, number),
            "liveline-stage": "parse",
            "liveline-error": "no known format",
            "liveline-origin": f"{self.names.raw}/{partition}/{number}",
            "liveline-failed-at": at(60 + number),
        }
        told |= {name if name.startswith("ce_") else name.replace("_", "-"): text for name, text in headers.items()}
        producer = Producer({"bootstrap.servers": self.connection.bootstrap, "log_level": 0})
        producer.produce(self.names.dead_letters, body, "fire", partition, headers=list(told.items()))
        assert producer.flush(30) == 0

    def raw(self) -> list[Message]:
        """Return the documents on `liveline.raw`."""
        found: list[Message] = []
        with ReadUntil(self.connection, self.names.raw, watermarks_of(self.connection, self.names.raw)) as reading:
            while not reading.done:
                found += reading.read()
        return found

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Ask as an administrator; returns status and JSON."""
        headers = {"Authorization": f"Bearer {_TOKEN}", **options.pop("headers", {})}
        async with self.session.request(method, self.url + path, headers=headers, **options) as answer:
            return answer.status, await answer.json(content_type=None)

    async def listed(self, query: str = "") -> list[str]:
        """Return the ids of a list."""
        status, body = await self.ask("GET", f"/v1/dead-letters?{query}")
        assert status == 200, body
        return [each["id"] for each in body["dead_letters"]]

    async def page(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        """Open a page as a browser that has the cookie; returns status and text."""
        sent = {"Cookie": f"liveline_token={_TOKEN}", **headers}
        async with self.session.request(method, self.url + path, headers=sent) as answer:
            return answer.status, await answer.text()


@asynccontextmanager
async def a_letter_site(connection: KafkaConnection, names: Names, folder: Path) -> AsyncIterator[LetterSite]:
    """Run a gateway over topics that are there."""

    async def identity() -> str:
        return "log"

    config = GatewayConfig(
        kafka=connection.aiokafka(),
        log_identity=identity,
        archive=f"sqlite:///{folder}/archive.db",
        names=names,
        letters=connection,
        port=0,
        token_rules=TokenRules(admin_token=_TOKEN),
        registry=CollectorRegistry(),
    )
    async with GatewayServer(config) as server, aiohttp.ClientSession() as session:
        yield LetterSite(connection, names, server.url, session)


class LettersBehaviour:
    """Subclass it in a module that has a fixture `site`."""

    async def test_a_list_has_what_dlq_list_has(self, site: LetterSite) -> None:
        """Those first that failed last; what is written later is there at the next call."""
        site.write(1, b"12345", partition=1)
        first = await site.ask("GET", "/v1/dead-letters")
        site.write(2, liveline_part="/liveBlogUpdate/17", liveline_stage="enrich")
        second = await site.ask("GET", "/v1/dead-letters")

        shared = {"source": "post", "coverage": "fire", "error": "no known format", "state": "waiting", "tries": 0}
        one = {"id": "1-0", "stage": "parse", **shared, "document_at": at(1), "failed_at": at(61), "bytes": 5}
        two = {
            "id": "0-0", "stage": "enrich", **shared, "part": "/liveBlogUpdate/17", "document_at": at(2),
            "failed_at": at(62), "bytes": 1,
        }  # fmt: skip
        assert first == (200, {"dead_letters": [one]})
        assert second == (200, {"dead_letters": [two, one]})

    async def test_a_list_is_filtered_and_paged(self, site: LetterSite) -> None:
        """By the filters of `liveline dlq list`; letters of one moment are parted by their place."""
        for number in range(3):
            site.write(number)
        site.write(3, ce_source="wire", ce_subject="flood", liveline_error="OVERFLOW in it", liveline_stage="enrich")
        for _ in range(3):
            site.write(4, partition=1)

        every = await site.listed()
        pages: list[str] = []
        query = "limit=2"
        while query:
            _, body = await site.ask("GET", f"/v1/dead-letters?{query}")
            pages += [each["id"] for each in body["dead_letters"]]
            query = f"limit=2&cursor={body['next']}" if "next" in body else ""

        assert every == pages == ["1-2", "1-1", "1-0", "0-3", "0-2", "0-1", "0-0"]
        assert await site.listed("source=wire,other") == await site.listed("stage=enrich") == ["0-3"]
        assert await site.listed("error=overflow") == await site.listed("coverage=flood") == ["0-3"]
        assert await site.listed(f"from={at(61)}&to={at(63)}") == ["0-2", "0-1"]
        assert await site.listed("state=retried") == []
        for wrong in ("stage=none", "state=gone", "from=soon", "cursor=x", "limit=0", "sorce=x"):
            assert (await site.ask("GET", f"/v1/dead-letters?{wrong}"))[0] == 400, wrong

    async def test_a_letter_has_its_headers_and_body(self, site: LetterSite) -> None:
        """Text as text, other bytes in base64; 404 for one that is not there."""
        site.write(0, b"text")
        site.write(1, b"\xff\x00")

        _, text = await site.ask("GET", "/v1/dead-letters/0-0")
        _, other = await site.ask("GET", "/v1/dead-letters/0-1")

        assert (text["id"], text["body"], text["headers"]["ce_id"]) == ("0-0", "text", "d0")
        assert other["body_base64"] == "/wA="
        for missing in ("0-9", "9-0", "nonsense"):
            assert (await site.ask("GET", f"/v1/dead-letters/{missing}"))[0] == 404

    async def test_a_letter_goes_back_once(self, site: LetterSite) -> None:
        """With its own headers and the changes; a second time is a 409 without `again`."""
        site.write(0, b"the document")
        path = "/v1/dead-letters/0-0/retry"

        first = await site.ask("POST", path, json={"set": {"liveline-format": "ninjs"}})
        second = await site.ask("POST", path)
        (back,) = site.raw()
        third = await site.ask("POST", f"{path}?again=true")

        assert (first[0], first[1]["state"], first[1]["tries"]) == (200, "retried", 1)
        assert (second[0], "again" in second[1]["detail"]) == (409, True)
        assert (third[0], third[1]["tries"], len(site.raw())) == (200, 2, 2)
        assert back.value() == b"the document"
        headers = dict(back.headers() or [])
        assert (headers["liveline-format"], headers["liveline-retry-of"]) == (b"ninjs", b"0-0")
        assert "liveline-stage" not in headers
        assert (await site.listed(), await site.listed("state=retried")) == ([], ["0-0"])

    async def test_a_letter_is_discarded(self, site: LetterSite) -> None:
        """Nothing goes back; it is listed among the discarded ones."""
        site.write(0)

        status, body = await site.ask("POST", "/v1/dead-letters/0-0/discard")

        assert (status, body["state"], site.raw()) == (200, "discarded", [])
        assert (await site.listed(), await site.listed("state=discarded")) == ([], ["0-0"])
        assert (await site.ask("POST", "/v1/dead-letters/0-0/retry"))[0] == 409

    async def test_what_a_letter_does_not_hold_whole_stays(self, site: LetterSite) -> None:
        """409, and where the document stands; a body that says nothing useful is a 400."""
        site.write(0, liveline_body_bytes="9000000")
        site.write(1)

        cut = await site.ask("POST", "/v1/dead-letters/0-0/retry")
        wrong = [
            await site.ask("POST", "/v1/dead-letters/0-1/retry", data=body)
            for body in (b"x", b"[]", b'{"set": 1}', b'{"set": {"a": 1}}', b'{"other": {}}')
        ]

        assert (cut[0], f"{site.names.raw}/0/0" in cut[1]["detail"]) == (409, True)
        assert [status for status, _ in wrong] == [400] * 5
        assert site.raw() == []

    async def test_the_page_shows_them_and_its_forms_act(self, site: LetterSite) -> None:
        """Whole without a script; a form of another site's page does nothing."""
        site.write(0, b"<b>body</b>", liveline_error="<script>alert(1)</script>")
        site.write(1)

        _, shown = await site.page("/desk/dead-letters?utm_source=x&stage=&error=script")
        _, one = await site.page("/desk/dead-letters/0-0")
        (action,) = re.findall(r'method="post" action="([^"]+/retry)"', one)
        foreign = await site.page(action, "POST", Origin="https://evil.example")
        before = site.raw()
        status, after = await site.page(action, "POST", Origin=site.url)

        assert "<script" not in shown + one
        assert "&lt;script&gt;alert(1)" in shown
        assert ("post, parse: 2" in shown, "0-1" in shown) == (True, False)
        assert "&lt;b&gt;body&lt;/b&gt;" in one
        assert (foreign[0], before) == (401, [])
        assert (status, "retried" in after, len(site.raw())) == (200, True, 1)

    async def test_only_administrators_may(self, site: LetterSite) -> None:
        """Whoever else asks is told nothing."""
        site.write(0)
        for method, path in (
            ("GET", "/v1/dead-letters"), ("GET", "/v1/dead-letters/0-0"), ("POST", "/v1/dead-letters/0-0/retry"),
            ("POST", "/v1/dead-letters/0-0/discard"), ("GET", "/desk/dead-letters"), ("GET", "/desk/dead-letters/0-0"),
            ("POST", "/desk/dead-letters/0-0/retry"), ("POST", "/desk/dead-letters/0-0/discard"),
        ):  # fmt: skip
            async with site.session.request(method, site.url + path) as answer:
                assert answer.status == 401, path
        assert await site.listed() == ["0-0"]
