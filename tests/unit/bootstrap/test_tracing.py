"""Spans by OTLP: a collector on loopback reads what a document's way leaves there."""

import asyncio
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from streams.bootstrap.tracing import tracing_of
from streams.settings import Settings
from streams.telemetry.tracing import Untraced

ROOT = Path(__file__).parents[3]
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"
# A process of its own: what waits is sent when it ends.
PROGRAM = """
import json, sys
from streams.bootstrap.tracing import tracing_of
from streams.settings import Settings
tracing = tracing_of(Settings(otlp=sys.argv[1]), "worker")
push = tracing.start("push", sys.argv[2], {"liveline.source": "post"}, began=1700000000.0)
process = tracing.start("process", push.traceparent, {"messaging.kafka.offset": 7})
process.end("the document is no JSON")
push.end()
tracing.start("process", "no traceparent", {}).end()
print(json.dumps([tracing.on, push.traceparent, process.traceparent]))
"""


async def test_spans_reach_a_collector_under_the_producer_s_trace() -> None:
    """As OpenTelemetry's own protocol has them: names, parents, attributes, errors; what is no trace begins one."""
    got: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        got.append(ExportTraceServiceRequest.FromString(body))
        return web.Response(content_type="application/x-protobuf")

    app = web.Application()
    app.router.add_post("/v1/traces", take)
    async with TestServer(app) as server:
        done = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", PROGRAM, str(server.make_url("/")), PARENT], capture_output=True,
            text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    on, push_parent, process_parent = json.loads(done.stdout)
    resources = [each for request in got for each in request.resource_spans]
    spans = [span for each in resources for scope in each.scope_spans for span in scope.spans]
    push, process = (
        next(s for s in spans if s.name == name and s.trace_id.hex() == TRACE) for name in ("push", "process")
    )

    assert on
    assert (push.trace_id.hex(), push.parent_span_id.hex()) == (TRACE, "b7ad6b7169203331")
    assert push_parent == f"00-{TRACE}-{push.span_id.hex()}-01"
    assert push.start_time_unix_nano == 1_700_000_000 * 10**9
    assert process.parent_span_id == push.span_id
    assert process_parent == f"00-{TRACE}-{process.span_id.hex()}-01"
    assert [(a.key, a.value.int_value) for a in process.attributes] == [("messaging.kafka.offset", 7)]
    assert (process.status.code, process.status.message) == (2, "the document is no JSON")
    assert len({span.trace_id for span in spans}) == 2
    names = {a.key: a.value.string_value for each in resources for a in each.resource.attributes}
    assert names["service.name"] == "liveline-worker"


def test_without_a_collector_the_producer_s_trace_is_carried_on() -> None:
    """Nothing is recorded, and OpenTelemetry is not even loaded."""
    tracing = tracing_of(Settings(), "worker")
    span = tracing.start("push", PARENT, {})
    span.end()
    assert isinstance(tracing, Untraced)
    assert span.traceparent == PARENT
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, streams.bootstrap.worker; print('opentelemetry' in sys.modules)"],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert loaded.stdout.strip() == "False"


@pytest.mark.parametrize("address", ["collector:4318", "ftp://collector"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    """At the start, not when the first span is lost."""
    with pytest.raises(ValueError, match="otlp"):
        Settings(otlp=address)
