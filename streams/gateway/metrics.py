"""Every metric of the gateway, with what it measures and what to look at when it moves."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class GatewayMetrics:
    """The gateway's metrics in the registry that it was given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them; a registry takes them once."""
        self.registry = registry
        self.entries = Counter(
            "liveline_gateway_entries",
            "Revisions read from the entries topic. Flat while newsrooms publish: look at the worker, then at the lag.",
            registry=registry,
        )
        self.alerts = Counter(
            "liveline_gateway_alerts",
            "Revisions read from the alerts topic. Flat while rules fire: look at the worker, then at this log.",
            registry=registry,
        )
        self.unreadable = Counter(
            "liveline_gateway_unreadable_records",
            "Records of the topics of entries and alerts that can't be read as such. Anything but 0: who writes there?",
            registry=registry,
        )
        self.lag = Gauge(
            "liveline_gateway_lag_records",
            "Offsets between what was read and the last stable offset. Grows: the archive's disk or this process' CPU.",
            ("partition",),
            registry=registry,
        )
        self.ready = Gauge(
            "liveline_gateway_ready",
            "1 while Kafka answers and the hub has caught up; /readyz tells the reason of a 0.",
            registry=registry,
        )
        self.subscribers = Gauge(
            "liveline_gateway_subscribers",
            "Open streams and WebSocket subscriptions that are live. A sudden fall: a proxy's time-out, or a release.",
            registry=registry,
        )
        self.subscriptions = Counter(
            "liveline_gateway_subscriptions",
            "Streams and WebSocket subscriptions opened, by how they began: live, resume, since, latest, replay, "
            "incomplete. "
            "Many incomplete ones: cursors older than what is kept, or a log that was replaced.",
            ("start",),
            registry=registry,
        )
        self.deliveries = Counter(
            "liveline_gateway_deliveries",
            "Revisions written to live subscribers, one for each subscriber.",
            registry=registry,
        )
        self.delivered_bytes = Counter(
            "liveline_gateway_delivered_bytes",
            "Bytes of those deliveries.",
            registry=registry,
        )
        self.replayed = Counter(
            "liveline_gateway_replayed",
            "Revisions written to subscribers that caught up, from memory or archive.",
            ("source",),
            registry=registry,
        )
        self.paced_replays = Gauge(
            "liveline_gateway_paced_replays",
            "Replays under way at a speed; at 20 further ones are refused. Often near it: clients should ask for "
            "speed=max, or more gateways share them.",
            registry=registry,
        )
        self.dropped = Counter(
            "liveline_gateway_dropped_subscribers",
            "Subscribers that read too slowly and were dropped; they resume from their cursor. Many: a slow network, "
            "or a backlog bound that is too small for the entries' size.",
            registry=registry,
        )
        self.connections = Gauge(
            "liveline_gateway_connections",
            "Open connections of all kinds. Near the bound (LIVELINE_GATEWAY_CONNECTIONS): streams, or an attack.",
            registry=registry,
        )
        self.cut_connections = Counter(
            "liveline_gateway_cut_connections",
            "Connections that were refused (total, address: the bounds) or cut: head_timeout and evicted sent no whole "
            "request, stalled read nothing, memory had the most waiting when all together had too much.",
            ("reason",),
            registry=registry,
        )
        self.delivery_seconds = Histogram(
            "liveline_gateway_delivery_seconds",
            "From `received_at` of a revision's document to its write to all live subscribers. Old documents that are "
            "pushed now, and embargoes that end, count with the age that they have.",
            registry=registry,
            buckets=_SECONDS,
        )
        self.archive_seconds = Histogram(
            "liveline_gateway_archive_seconds",
            "One batch of revisions into the archive, committed. Grows: the archive's disk.",
            registry=registry,
            buckets=_SECONDS,
        )
        self.pushes = Counter(
            "liveline_gateway_pushes",
            "Pushed documents, by what was answered. 503: Kafka; 401 and 403: a wrong token; 413: a page too large.",
            ("status",),
            registry=registry,
        )
        self.push_seconds = Histogram(
            "liveline_gateway_push_seconds",
            "A push from its headers to its answer, Kafka's acknowledgement included.",
            registry=registry,
            buckets=_SECONDS,
        )
        self.pushed_bytes = Counter(
            "liveline_gateway_pushed_bytes",
            "Bytes of the documents that Kafka has, inflated.",
            registry=registry,
        )
