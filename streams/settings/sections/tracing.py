"""Spans of a document's way."""

from pydantic import BaseModel, Field


class TracingSettings(BaseModel):
    """Where spans go."""

    otlp: str | None = Field(
        None,
        description="Address of an OpenTelemetry collector, such as `http://collector:4318`: spans of push, processing "
        "and delivery go there by OTLP over HTTP. Needs `liveline-stream[otlp]`; absent: nothing is traced, and a "
        "producer's `traceparent` is only carried on. `OTEL_TRACES_SAMPLER` says how many.",
        pattern=r"^https?://[!-~]+$",
    )
