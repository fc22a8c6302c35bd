"""The WebSocket's messages as AsyncAPI describes them are those that go over it."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from fake_gateway import gateways
from gateway_harness import an_entry

from schemas.model import Model
from streams.gateway.describe.messages import ASKED, TOLD
from streams.gateway.transports.websocket.requests import FIELDS


@pytest.mark.parametrize("model", ASKED)
def test_a_request_is_described_with_all_of_its_fields(model: type[Model]) -> None:
    """Beside `type` and `id`, which each has."""
    kind = model.__name__.lower()

    assert set(model.model_fields) - {"type", "id"} == FIELDS[kind]


async def test_what_is_answered_is_as_described(tmp_path: Path) -> None:
    """Each message has the fields of its model, and no others."""
    kinds = {str(model.model_fields["type"].annotation): model for model in TOLD}
    asked: list[dict[str, Any]] = [
        {"type": "subscribe", "id": 1, "subscription": "a"},
        {"type": "subscribe", "id": 2, "subscription": "b", "cursor": "lost"},
        {"type": "subscribe", "id": 3, "subscription": "a"},
        {"type": "ping", "id": "x"},
        {"type": "subscribe", "id": 4, "subscription": "c"},
        {"type": "unsubscribe", "id": 5, "subscription": "c"},
    ]
    seen = set()
    async with (
        gateways(tmp_path)() as gateway,
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{gateway.url}/v1/ws", protocols=("liveline.v1",)) as socket,
        asyncio.timeout(20),
    ):
        await gateway.publish([an_entry(1)])
        await gateway.held(an_entry(1))
        for request in asked:
            await socket.send_str(orjson.dumps(request).decode())
        await gateway.publish([an_entry(2)])
        while not {"subscribed", "entry", "live", "incomplete", "error", "pong", "unsubscribed"} <= seen:
            message = orjson.loads(await socket.receive_str())
            model = kinds[f"typing.Literal['{message['type']}']"]
            model.model_validate(message)
            assert message.keys() <= model.model_fields.keys()
            seen.add(message["type"])
