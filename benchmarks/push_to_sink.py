"""Delay from a push over HTTP to a sink, through gateway, worker, rules and deliverer on a real Kafka.

python benchmarks/push_to_sink.py [--rate 5] [--seconds 60]

`liveline up` runs all four in one process; the sink is an endpoint on loopback (`json://`). Times are from the moment
at which a push was due. Each post raises one alert; the gathering of 150 ms is in it.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import aiohttp
from harness import ROOT, percentile
from sink_endpoint import SinkEndpoint, Taken, sink_serving

from real_kafka import running_kafka

_PORT = 18_471
_ENDING_SECONDS = 60.0
_LOOKS = 600
_NEWSROOM = """\
coverages:
  - {id: c, sources: [{id: s}]}
alerts:
  - {id: every, when: 'entry.headline != ""', per: entry, fresh: off, title: '{entry.headline}', to: [desk]}
sinks:
  - {id: desk}
"""


async def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    endpoint = SinkEndpoint()
    with running_kafka() as kafka, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "liveline.yaml").write_text(_NEWSROOM)
        async with sink_serving(endpoint), aiohttp.ClientSession() as session:
            process = await _up(kafka.bootstrap, Path(folder), endpoint.address)
            try:
                await _warm(session, endpoint)
                due = await _push_steadily(session, given.rate, given.seconds)
                for _ in range(_LOOKS):
                    if _seen(endpoint, due) == len(due):
                        break
                    await asyncio.sleep(0.1)
            finally:
                if process.returncode is not None:
                    print(f"liveline up ended by itself with {process.returncode}", file=sys.stderr)
                else:
                    process.terminate()
                await process.wait()
    delays = [_delay(message, due) for message in endpoint.taken if message.title in due]
    print(
        f"push to sink: {len(delays)} of {len(due)} told at {given.rate:g}/s, "
        f"p50 {percentile(delays, 0.5):.0f} ms, p99 {percentile(delays, 0.99):.0f} ms, max {max(delays):.0f} ms"
    )


def _delay(message: Taken, due: dict[str, float]) -> float:
    return (message.at.timestamp() - due[message.title]) * 1000


def _seen(endpoint: SinkEndpoint, due: dict[str, float]) -> int:
    return len({message.title for message in endpoint.taken} & due.keys())


async def _warm(session: aiohttp.ClientSession, endpoint: SinkEndpoint) -> None:
    """Push until the first alert has come."""
    end = time.monotonic() + _ENDING_SECONDS
    number = 0
    while not endpoint.taken:
        if time.monotonic() > end:
            raise SystemExit("nothing came to the sink")
        number += 1
        try:
            await _push(session, f"warm {number}")
        except aiohttp.ClientError:
            await asyncio.sleep(0.5)
        await asyncio.sleep(0.5)
    await asyncio.sleep(3)


async def _push_steadily(session: aiohttp.ClientSession, rate: float, seconds: float) -> dict[str, float]:
    """Push at the rate whatever the answers take; return when each post was due, by its headline."""
    due, tasks, began = {}, [], time.time() + 0.2
    for number in range(int(rate * seconds)):
        at = began + number / rate
        headline = f"Report {number} of {uuid4().hex[:6]}"
        await asyncio.sleep(max(0.0, at - time.time()))
        due[headline] = at
        tasks.append(asyncio.create_task(_push(session, headline)))
    await asyncio.gather(*tasks)
    return due


async def _push(session: aiohttp.ClientSession, headline: str) -> None:
    async with session.post(
        f"http://127.0.0.1:{_PORT}/v1/sources/s/documents",
        json={"id": headline, "headline": headline},
        headers={"Authorization": "Bearer token", "Content-Type": "application/vnd.liveline.post+json"},
    ) as answer:
        answer.raise_for_status()


async def _up(bootstrap: str, folder: Path, address: str) -> asyncio.subprocess.Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LIVELINE_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "streams", "up", cwd=folder,
        env={
            **clean, "PYTHONPATH": str(ROOT), "LIVELINE_KAFKA": bootstrap, "LIVELINE_BIND": f"127.0.0.1:{_PORT}",
            "LIVELINE_TOKEN_S": "token", "LIVELINE_SINK_DESK": address, "LIVELINE_LOG_LEVEL": "warning",
        },
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
