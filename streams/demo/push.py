"""Pushing a step over HTTP, as any producer would."""

from collections.abc import Awaitable, Callable, Mapping

import aiohttp
from pydantic import SecretStr

from schemas.entry import SourceId
from streams.client.push import GatewayClient
from streams.demo.story import Step

Push = Callable[[Step], Awaitable[None]]


def push_over_http(session: aiohttp.ClientSession, gateway: str, tokens: Mapping[SourceId, SecretStr]) -> Push:
    """Return a push to a gateway at its base URL; it raises `PushError` for what the gateway refuses."""
    client = GatewayClient(session, gateway)

    async def push(step: Step) -> None:
        token = tokens[SourceId(step.source)].get_secret_value()
        await client.push(step.source, token, step.body, step.content_type, url=step.url)

    return push
