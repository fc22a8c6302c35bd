"""A gateway over logs in memory with alerts, tokens and a state database."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import NAMESPACE_URL, uuid5

import aiohttp
import jwt
import orjson
import structlog
from gateway_harness import Event, an_entry, read_events
from prometheus_client import CollectorRegistry

from schemas import Newsroom
from schemas.alert import Alert
from streams.bootstrap.gateway_server import GatewayServer
from streams.gateway.auth.tokens import TokenRules
from streams.gateway.config import GatewayConfig
from streams.testing.entry_log import FakeLog, FakeTopic

SIGNED_BY = "secret-of-the-newsroom-0123456789"
ADMIN = "token-of-the-admin"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
NEWSROOM = Newsroom.model_validate(
    {
        "coverages": [
            {"id": "harbour-fire", "title": "Harbour fire", "public": False, "sources": [{"id": "evening-post"}]},
            {"id": "election", "title": "Election night", "public": False, "sources": [{"id": "gazette"}]},
            {"id": "open-day", "title": "Open day", "sources": [{"id": "town-hall"}]},
        ],
        "alerts": [
            {"id": "people-hurt", "when": 'entry.mentions("hurt")', "title": "{coverage.title}: {entry.headline}"},
            {"id": "breaking", "when": "entry.breaking", "per": "entry"},
        ],
    }
)


def token(subject: str | None = "ada@example.org", lasts: float = 86_400, **rights: Any) -> str:
    """Return a token for alerts that lasts so many seconds: those made at import are used at the end of a long run."""
    claims = {"exp": time.time() + lasts, "liveline": {"alerts": True, **rights}}
    return jwt.encode(claims | ({"sub": subject} if subject else {}), SIGNED_BY, "HS256")


def an_alert(number: int, revision: int = 1, **fields: Any) -> Alert:
    """Return a revision of an alert, raised so many minutes after noon; the same number is the same alert."""
    entry = an_entry(number, coverage_id=fields.get("coverage_id", "harbour-fire"), story_id=f"story-{number}")
    values: dict[str, Any] = {
        "alert_id": str(uuid5(NAMESPACE_URL, f"alert {number}")),
        "revision": revision,
        "change": "raised" if revision == 1 else "updated",
        "notify": True,
        "rule_id": "people-hurt",
        "rule_version": "0a1b2c",
        "coverage_id": "harbour-fire",
        "subject": {"kind": "story", "id": f"story-{number}"},
        "at": NOON + timedelta(minutes=number, seconds=revision),
        "title": f"Harbour fire: alert {number}",
        "reason": f'entry.mentions("hurt"): {number} are hurt',
        "urgency": 2,
        "causes": [{"entry_id": entry.entry_id, "revision": revision}],
        "sources": ["evening-post"],
        "entry": entry,
    }
    return Alert.model_validate(values | fields)


@dataclass
class AlertGateway:
    """A gateway that can be stopped and started again on the same logs and files."""

    folder: Path
    options: dict[str, Any] = field(default_factory=dict)
    entries: FakeTopic = field(default_factory=FakeTopic)
    alerts: FakeTopic = field(default_factory=lambda: FakeTopic(partitions=2, name="fake.alerts"))
    identity: str = "the log"
    server: GatewayServer = field(init=False)
    session: aiohttp.ClientSession = field(init=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.server.url

    async def __aenter__(self) -> Self:
        """Start it."""
        self.session = aiohttp.ClientSession()
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop it."""
        await self.stop()
        await self.session.close()

    async def start(self) -> None:
        """Start the gateway and wait until it has read its alerts."""

        async def identity() -> str:
            return self.identity

        values: dict[str, Any] = {
            "kafka": {"bootstrap_servers": "127.0.0.1:1"},  # nothing listens there: nothing is pushed
            "log_identity": identity,
            "archive": f"sqlite:///{self.folder}/archive.db",
            "newsroom": NEWSROOM,
            "port": 0,
            "state": f"sqlite:///{self.folder}/state.db",
            "token_rules": TokenRules(secret=SIGNED_BY, admin_token=ADMIN),
            "registry": CollectorRegistry(),
            "heartbeat": 0.2,
            "retry_ms": 100,
            "cursor_wait": 0.2,
            "log": structlog.get_logger("test"),
        }
        config = GatewayConfig(**(values | self.options))
        self.server = GatewayServer(
            config, make_log=lambda: FakeLog(self.entries), make_alert_log=lambda: FakeLog(self.alerts)
        )
        await self.server.__aenter__()
        if self.options.get("token_rules") is None:
            await self.until("/v1/alerts", lambda status, _: status == 200)
            await self.until("/readyz", lambda status, _: status == 200)

    async def stop(self) -> None:
        """Stop the gateway."""
        await self.server.__aexit__()

    def raise_alert(self, *alerts: Alert) -> None:
        """Write revisions to the log, each in its coverage's partition."""
        for alert in alerts:
            self.alerts.append(alert.to_json(), len(alert.coverage_id) % self.alerts.partitions)

    async def holds(self, alert: Alert) -> None:
        """Wait until the gateway has read a revision."""
        await self.until(
            f"/v1/alerts/{alert.alert_id}",
            lambda status, body: status == 200 and body["alert"]["revision"] >= alert.revision,
        )

    async def until(self, path: str, enough: Any, seconds: float = 30) -> Any:
        """Ask as an admin until an answer is as it should be."""
        async with asyncio.timeout(seconds):
            while True:
                status, body = await self.ask("GET", path, ADMIN)
                if enough(status, body):
                    return body
                await asyncio.sleep(0.02)

    async def ask(
        self, method: str, path: str, bearer: str | None = None, body: Any = None, **headers: str
    ) -> tuple[int, Any]:
        """Return the answer's status and its JSON."""
        sent = headers | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
        data = None if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
        async with self.session.request(method, self.url + path, headers=sent, data=data) as answer:
            said = await answer.read()
            return answer.status, orjson.loads(said) if said and "json" in answer.content_type else said

    @asynccontextmanager
    async def stream(
        self, path: str = "/v1/alerts/stream", bearer: str | None = ADMIN, cursor: str | None = None
    ) -> AsyncIterator[AsyncIterator[Event]]:
        """Open a stream and hand over its events."""
        headers = {"Authorization": f"Bearer {bearer}"} | ({"Last-Event-ID": cursor} if cursor else {})
        async with self.session.get(self.url + path, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            yield read_events(answer)
