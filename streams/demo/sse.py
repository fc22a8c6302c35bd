"""A reader of server-sent events, as small as the check needs it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import aiohttp


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `data` is empty for one that only carries a cursor."""

    name: str
    data: str
    id: str | None


async def read_events(response: aiohttp.ClientResponse) -> AsyncGenerator[Event, None]:
    """Yield events until the stream ends (WHATWG HTML, 9.2.6, for streams with LF line ends)."""
    name, id_, said = "message", None, False
    data: list[str] = []
    async for raw in response.content:
        line = raw.decode().rstrip("\r\n")
        if not line:
            if said:
                yield Event(name, "\n".join(data), id_)
            name, data, said = "message", [], False
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "event":
                name, said = value, True
            case "data":
                data.append(value)
                said = True
            case "id":
                id_, said = value, True
