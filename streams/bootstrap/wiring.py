"""From settings to what a process is made of; the same for the worker, the gateway, `up` and the demo."""

import asyncio
import errno
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import structlog
import uvloop

from streams.archive.alerts.address import alerts_url
from streams.archive.database import read_url
from streams.bootstrap.connection import connection_to, plan_of
from streams.bootstrap.gateway_server import GatewayServer
from streams.bootstrap.tracing import tracing_of
from streams.embedded import EmbeddedBroker
from streams.exceptions import BrokerError, SettingsError
from streams.gateway.auth.keys import KeySet
from streams.gateway.auth.tokens import TokenRules
from streams.gateway.config import GatewayConfig
from streams.gateway.feed.generations import OneGeneration
from streams.generations.watch import ControlWatch
from streams.runtime.http import ConnectionLimits
from streams.runtime.kafka.admin import check_topics, log_identity
from streams.runtime.kafka.connection import KafkaConnection
from streams.settings import Settings
from streams.telemetry.process_metrics import process_registry
from streams.topology import Names

__all__ = ["connection_to", "gateway_config", "listening", "need_topics", "on_signal", "plan_of", "run"]

Result = TypeVar("Result")
log = structlog.get_logger("liveline")


async def need_topics(settings: Settings, connection: KafkaConnection) -> None:
    """Raise `BrokerError` with a line for each topic that is not as it must be."""
    if problems := await asyncio.to_thread(check_topics, connection, plan_of(settings)):
        raise BrokerError("\n".join(map(str, problems)))


def gateway_config(
    settings: Settings,
    connection: KafkaConnection,
    broker: EmbeddedBroker | None = None,
    *,
    process: str = "gateway",
) -> GatewayConfig:
    """Return what a gateway is told; `process` is the command in which it runs."""
    names = Names(settings.topic_prefix)
    read_url("LIVELINE_ARCHIVE", settings.archive)  # a wrong one is an error now, not something to wait for
    generations = ControlWatch(connection, names) if broker is None else OneGeneration()

    def identity_of(topic: Callable[[], str]) -> Callable[[], Awaitable[str]]:
        async def identity() -> str:
            if broker is not None:
                return broker.log_identity
            return await asyncio.to_thread(log_identity, connection, topic())

        return identity

    return GatewayConfig(
        kafka=connection.aiokafka(),
        log_identity=identity_of(lambda: Names(names.prefix, generations.generation()).entries),
        generations=generations,
        alerts_identity=identity_of(lambda: names.alerts),
        alerts_archive=alerts_url(settings.archive),
        registry=process_registry(process),
        tracing=tracing_of(settings, process),
        archive=settings.archive,
        archive_kept=settings.archive_kept,
        host=settings.bind.host,
        port=settings.bind.port,
        names=names,
        letters=connection,
        newsroom=settings.newsroom,
        has_newsroom=settings.has_newsroom,
        token_rules=_token_rules(settings),
        origins=settings.origins,
        public_url=settings.public_url,
        page_pictures=settings.page_pictures,
        embed_sites=settings.embed_sites,
        connections=ConnectionLimits(
            total=settings.gateway_connections,
            per_address=settings.gateway_connections_per_address,
            head_timeout=settings.gateway_head_timeout.total_seconds(),
            stall_timeout=settings.gateway_stall_timeout.total_seconds(),
            trusted=settings.trusted_proxies,
        ),
        body_timeout=settings.gateway_body_timeout.total_seconds(),
        state=settings.state,
        webhook_internal=settings.webhook_internal,
        tokens={source: token.get_secret_value() for source, token in settings.tokens.items()},
    )


def _token_rules(settings: Settings) -> TokenRules:
    return TokenRules(
        secret=settings.jwt_secret.get_secret_value() if settings.jwt_secret else None,
        keys=KeySet(settings.jwt_jwks, log) if settings.jwt_jwks else None,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        admin_token=settings.admin_token.get_secret_value() if settings.admin_token else None,
    )


@asynccontextmanager
async def listening(config: GatewayConfig) -> AsyncIterator[GatewayServer]:
    """Run a gateway; an address that can't be had is told as the setting that it is."""
    async with AsyncExitStack() as stack:
        try:
            server = await stack.enter_async_context(GatewayServer(config))
        except OSError as error:
            why = "another process has it" if error.errno == errno.EADDRINUSE else str(error)
            raise SettingsError(
                f"LIVELINE_BIND: can't listen on {config.host}:{config.port} ({why}); expected a free host:port"
            ) from error
        yield server


def on_signal(tell: Callable[[], None]) -> None:
    """Call `tell` at SIGINT and SIGTERM: what is at hand is finished."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, tell)


def run(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a process's main coroutine on uvloop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)
