"""`docs/metrics.md`, made from the metrics themselves, so that it can't say something else than they do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from streams.gateway.metrics import GatewayMetrics
from streams.ingest.polling.poll_metrics import PollMetrics
from streams.runtime.metrics import WorkerMetrics
from streams.sinks.metrics import SinkMetrics
from streams.telemetry.process_metrics import BuildMetrics
from streams.telemetry.reload_metrics import ReloadMetrics
from streams.webhooks.metrics import DelivererMetrics

_INTRODUCTION: Final = """\
# Metrics

<!-- Made by `python -m streams.bootstrap.metrics_reference > docs/metrics.md`; edit the metrics' help instead. -->

Each process answers `GET /metrics` in Prometheus' text format, with the metrics of its own table below. Under
`liveline up` the gateway's address has those of pollers, webhooks and sinks, too. A histogram comes as `_bucket`,
`_sum` and `_count`. What to do when something goes wrong is in [operating](operating.md).
"""


@dataclass(frozen=True, slots=True)
class _Process:
    title: str
    address: str
    metrics: Callable[[CollectorRegistry], object]


_PROCESSES: Final = (
    _Process("Every process", "Beside `process_*` of the client library on Linux.", BuildMetrics),
    _Process("The newsroom's file", "Every process that reads it again while it runs: all of them.", ReloadMetrics),
    _Process("Worker", "`liveline worker`, on `LIVELINE_WORKER_BIND`.", WorkerMetrics),
    _Process("Gateway", "`liveline gateway`, on `LIVELINE_BIND`.", GatewayMetrics),
    _Process("Pollers and WebSub", "`liveline poll`, on `LIVELINE_POLL_BIND`.", PollMetrics),
    _Process("Webhooks", "`liveline deliver`, on `LIVELINE_DELIVER_BIND`.", DelivererMetrics),
    _Process("Sinks of alerts", "`liveline deliver` too.", SinkMetrics),
)


class _Listed(CollectorRegistry):
    """A registry that notes what is registered, in order; the library's own tells only what has samples."""

    def __init__(self) -> None:
        super().__init__()
        self.metrics: list[MetricWrapperBase] = []

    def register(self, collector: object) -> None:
        """Note a metric; nothing else is registered by ours."""
        if not isinstance(collector, MetricWrapperBase):
            raise TypeError(f"a metric was expected, not {type(collector).__name__}")
        self.metrics.append(collector)


def metrics_reference() -> str:
    """Return the page."""
    return _INTRODUCTION + "".join(_section(process) for process in _PROCESSES)


def _section(process: _Process) -> str:
    registry = _Listed()
    process.metrics(registry)
    head = f"\n## {process.title}\n\n{process.address}\n\n| metric | type | labels | meaning |\n|---|---|---|---|\n"
    return head + "".join(row for metric in registry.metrics for row in _rows(metric))


def _rows(metric: MetricWrapperBase) -> Iterator[str]:
    labels = ", ".join(f"`{name}`" for name in metric._labelnames)  # noqa: SLF001  (the library tells it nowhere else)
    for family in metric.describe():
        name = f"{family.name}_total" if family.type == "counter" else family.name
        meaning = family.documentation.replace("|", "\\|")
        yield f"| `{name}` | {family.type} | {labels or 'none'} | {meaning} |\n"


if __name__ == "__main__":
    print(metrics_reference(), end="")  # noqa: T201  (the page is the output)
