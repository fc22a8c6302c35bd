"""One address asks for more streams than it may have, and keeps what it gets."""

from collections import Counter

from chaos.attacks.connect import Source, at_once, connected


async def attempts(source: Source, count: int) -> dict[str, int]:
    """Return how many were answered with each status; `reset` where the answer was lost with the connection."""
    told: Counter[str] = Counter()
    held = []  # the writers: a stream of which nobody holds the reader ends by itself

    async def one(_: int) -> None:
        try:
            reader, writer = await connected(source)
            writer.write(b"GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n")
            status = (await reader.readline())[9:12].decode()
        except ConnectionError:
            status = ""
        told[status or "reset"] += 1
        if status == "200":
            held.append(writer)
        elif status:
            writer.transport.abort()

    await at_once(one, count)
    for writer in held:
        writer.transport.abort()
    return dict(told)
