"""The Grafana dashboard as code: `python deploy/grafana/dashboard.py > deploy/grafana/liveline.json`."""

import json
from dataclasses import dataclass
from typing import Any

_WIDTH = 24  # columns of Grafana's grid
_HEIGHT = 8  # rows of a panel
_A_ROW = 3  # panels


@dataclass(frozen=True)
class Panel:
    """A graph: its title, what it means to a reader, and a query for each line with its legend."""

    title: str
    description: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"


def _quantile(of: str, quantile: float, by: str = "") -> str:
    labels = f"{by}, le" if by else "le"
    return f"histogram_quantile({quantile}, sum by ({labels}) (rate({of}_bucket[$__rate_interval])))"


def _rate(of: str, by: str) -> str:
    return f"sum by ({by}) (rate({of}[$__rate_interval]))"


ROWS: dict[str, tuple[Panel, ...]] = {
    "Is all well?": (
        Panel(
            "Documents and revisions a second",
            "Flat while producers push: see the lag.",
            (("sum(rate(liveline_documents_total[$__rate_interval]))", "documents"),
             (_rate("liveline_revisions_total", "change"), "{{change}}")),
            "ops",
        ),
        Panel(
            "From receipt to commit, from receipt to reader",
            "What a reader waits for; the difference is the gateway's.",
            ((_quantile("liveline_document_seconds", 0.5), "commit p50"),
             (_quantile("liveline_document_seconds", 0.99), "commit p99"),
             (_quantile("liveline_gateway_delivery_seconds", 0.5), "reader p50"),
             (_quantile("liveline_gateway_delivery_seconds", 0.99), "reader p99")),
            "s",
        ),
        Panel(
            "What waits",
            "Oldest document at hand, and records not yet read.",
            (("max(liveline_oldest_unprocessed_seconds)", "oldest, seconds"),
             ("sum by (agent) (liveline_lag_records)", "lag of {{agent}}, records"),
             ("sum by (instance) (liveline_gateway_lag_records)", "lag of {{instance}}, records")),
        ),
    ),
    "Sources": (
        Panel(
            "Age of the newest document",
            "A line that climbs is a source that says nothing, or is not read.",
            (("time() - max by (source) (liveline_source_newest_document_timestamp_seconds)", "{{source}}"),),
            "s",
        ),
        Panel(
            "Polls",
            "By result; 304 is not_modified.",
            ((_rate("liveline_poll_polls_total", "result"), "{{result}}"),),
            "ops",
        ),
        Panel(
            "Dead letters and bugs a minute",
            "liveline dlq list --count-by error",
            (("sum by (stage) (rate(liveline_dead_letters_total[$__rate_interval])) * 60", "letters at {{stage}}"),
             ("sum by (stage) (rate(liveline_bugs_total[$__rate_interval])) * 60", "bugs at {{stage}}")),
        ),
    ),
    "Worker": (
        Panel(
            "A transaction",
            "A rise: the broker is slow.",
            ((_quantile("liveline_transaction_seconds", 0.5, "agent"), "{{agent}} p50"),
             (_quantile("liveline_transaction_seconds", 0.99, "agent"), "{{agent}} p99")),
            "s",
        ),
        Panel(
            "Parsing, deduplicating, enriching a batch",
            "And each enricher over one entry.",
            ((_quantile("liveline_pipeline_seconds", 0.99), "batch p99"),
             (_quantile("liveline_enricher_seconds", 0.99, "enricher"), "{{enricher}} p99")),
            "s",
        ),
        Panel(
            "Partitions",
            "Owned, stuck, and started again by reason.",
            (("sum by (agent) (liveline_partitions_owned)", "owned by {{agent}}"),
             ("sum by (agent) (liveline_partitions_stuck)", "stuck at {{agent}}"),
             ("sum by (reason) (increase(liveline_partition_restarts_total[$__rate_interval]))",
              "restarts: {{reason}}")),
        ),
    ),
    "Gateway": (
        Panel(
            "Subscribers",
            "A sudden fall: a proxy's time-out, or a release.",
            (("sum by (instance) (liveline_gateway_subscribers)", "{{instance}}"),
             ("sum by (instance) (rate(liveline_gateway_dropped_subscribers_total[$__rate_interval]))",
              "dropped a second, {{instance}}")),
        ),
        Panel(
            "Deliveries a second",
            "One for each revision and subscriber.",
            (("sum by (instance) (rate(liveline_gateway_deliveries_total[$__rate_interval]))", "{{instance}}"),),
            "ops",
        ),
        Panel(
            "Archive",
            "One batch committed, p99. Grows: the disk.",
            ((_quantile("liveline_gateway_archive_seconds", 0.99, "instance"), "{{instance}}"),),
            "s",
        ),
    ),
    "What leaves": (
        Panel(
            "Webhook attempts a second",
            "By outcome.",
            ((_rate("liveline_webhook_attempts_total", "outcome"), "{{outcome}}"),),
            "ops",
        ),
        Panel(
            "Messages that wait",
            "By webhook.",
            (("liveline_webhook_pending", "{{webhook}}"),),
        ),
        Panel(
            "Alerts a minute",
            "Told, and held back by reason.",
            (("sum by (change, held_back) (rate(liveline_alerts_total[$__rate_interval])) * 60",
              "{{change}} {{held_back}}"),),
        ),
    ),
    "Processes": (
        Panel(
            "Memory",
            "Flat over days.",
            (('process_resident_memory_bytes{job=~"liveline-.*"}', "{{job}} {{instance}}"),),
            "bytes",
        ),
        Panel(
            "Processor",
            "Cores in use.",
            (('rate(process_cpu_seconds_total{job=~"liveline-.*"}[$__rate_interval])', "{{job}} {{instance}}"),),
        ),
        Panel(
            "Versions",
            "Two at a time: a release is under way.",
            (("count by (version, process) (liveline_build_info)", "{{process}} {{version}}"),),
        ),
    ),
}  # fmt: skip


def dashboard() -> dict[str, Any]:
    """Return the dashboard as Grafana imports it; it asks for the Prometheus to read from."""
    panels: list[dict[str, Any]] = []
    top = 0
    for title, row in ROWS.items():
        panels.append({"type": "row", "title": title, "gridPos": {"x": 0, "y": top, "w": _WIDTH, "h": 1}})
        width = _WIDTH // _A_ROW
        for number, panel in enumerate(row):
            place = {"x": number * width, "y": top + 1, "w": width, "h": _HEIGHT}
            panels.append(_graph(panel, place))
        top += 1 + _HEIGHT
    for number, each in enumerate(panels, 1):
        each["id"] = number
    return {
        "uid": "liveline",
        "title": "Liveline",
        "tags": ["liveline"],
        "timezone": "browser",
        "schemaVersion": 39,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {
            "list": [{"name": "prometheus", "type": "datasource", "query": "prometheus", "label": "Prometheus"}]
        },
        "panels": panels,
    }


def _graph(panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    return {
        "type": "timeseries",
        "title": panel.title,
        "description": panel.description,
        "gridPos": place,
        "datasource": {"type": "prometheus", "uid": "${prometheus}"},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + number), "expr": query, "legendFormat": legend}
            for number, (query, legend) in enumerate(panel.queries)
        ],
    }


if __name__ == "__main__":
    print(json.dumps(dashboard(), indent=1))
