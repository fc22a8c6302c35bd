"""The worker's own port tells whether it lives and whether it is at work."""

import aiohttp
from prometheus_client import CollectorRegistry, Counter

from streams.runtime.http.health import HealthServer


async def test_ready_only_when_nothing_stands_against_it() -> None:
    """While the worker can't work, `/readyz` says why with 503; `/healthz` and `/metrics` answer all the time."""
    registry, reasons = CollectorRegistry(), ["partition 2 is being taken over"]
    Counter("liveline_documents", "Documents.", registry=registry).inc(3)
    server = HealthServer("127.0.0.1", 0, registry, lambda: reasons[0] if reasons else None)
    base = f"http://127.0.0.1:{await server.start()}"
    try:
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{base}/readyz") as answer:
                assert (answer.status, (await answer.json())["reason"]) == (503, reasons[0])
            async with session.get(f"{base}/healthz") as answer:
                assert answer.status == 200
            reasons.clear()
            async with session.get(f"{base}/readyz") as answer:
                assert answer.status == 200
            async with session.get(f"{base}/metrics") as answer:
                assert "liveline_documents_total 3.0" in await answer.text()
    finally:
        await server.stop()
