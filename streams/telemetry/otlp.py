"""Spans to a collector by OpenTelemetry's OTLP over HTTP; loaded only where `LIVELINE_OTLP` is set."""

from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, Status, StatusCode, TraceFlags
from opentelemetry.trace.propagation import set_span_in_context

from streams.distribution import installed_version
from streams.telemetry.tracing import TRACEPARENT, Attributes, Span

_NANOSECONDS: Final = 1_000_000_000
_PATH: Final = "/v1/traces"


class OtlpTracing:
    """Sends spans in the background; a collector that is away costs spans, never a document.

    `OTEL_TRACES_SAMPLER` and the SDK's other variables hold; without them all traces are sampled whose parent is.
    """

    on = True

    def __init__(self, collector: str, process: str) -> None:
        """Take the collector's address, such as http://collector:4318, and the command that runs."""
        resource = Resource.create(
            {
                "service.name": f"liveline-{process}",
                "service.namespace": "liveline",
                "service.version": installed_version(),
            }
        )
        provider = TracerProvider(resource=resource)  # it sends what waits when the process ends
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(collector.rstrip("/") + _PATH)))
        self._tracer = provider.get_tracer("liveline", installed_version())

    def start(self, name: str, parent: str | None, attributes: Attributes, *, began: float | None = None) -> Span:
        """Return a span under a `traceparent`, or of a new trace."""
        context = None
        if parent is not None and TRACEPARENT.fullmatch(parent):  # of a raw record it is whatever its producer wrote
            _, trace_id, span_id, flags = parent.split("-")
            remote = SpanContext(
                int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16))
            )
            context = set_span_in_context(trace.NonRecordingSpan(remote))
        start_time = None if began is None else int(began * _NANOSECONDS)
        return _OtlpSpan(self._tracer.start_span(name, context, attributes=dict(attributes), start_time=start_time))


class _OtlpSpan:
    """A span of the SDK."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        """Return the span as the parent of the next."""
        context = self._span.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"

    def end(self, error: str | None = None) -> None:
        """End it now."""
        if error is not None:
            self._span.set_status(Status(StatusCode.ERROR, error))
        self._span.end()
