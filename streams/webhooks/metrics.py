"""Every metric of the deliverer, with what it measures and what to look at when it moves."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0, 30.0)


class DelivererMetrics:
    """The deliverer's metrics in the registry that it was given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them; a registry takes them once."""
        self.registry = registry
        self.active = Gauge(
            "liveline_deliverer_active",
            "1 while this process holds the lease and delivers; over all processes of a state database the sum is 1.",
            registry=registry,
        )
        self.attempts = Counter(
            "liveline_webhook_attempts",
            "Attempts by webhook and outcome: succeeded, retried, failed (given up). Many retried: see the webhook's "
            "deliveries at /v1/webhooks/ID/deliveries.",
            ("webhook", "outcome"),
            registry=registry,
        )
        self.seconds = Histogram(
            "liveline_webhook_attempt_seconds",
            "From connecting to an endpoint to its answer. Grows: receivers are slow.",
            buckets=_SECONDS,
            registry=registry,
        )
        self.queued = Counter(
            "liveline_webhook_queued",
            "Messages queued, one for each webhook that they are due to.",
            registry=registry,
        )
        self.pending = Gauge(
            "liveline_webhook_pending",
            "Messages that wait to be delivered, by webhook. Grows: its endpoint fails or is slower than the newsroom.",
            ("webhook",),
            registry=registry,
        )
        self.disabled = Gauge(
            "liveline_webhook_disabled",
            "Webhooks that are disabled; nothing is sent to them. A rise: `disabled_reason` at /v1/webhooks.",
            registry=registry,
        )
        self.missing = Counter(
            "liveline_webhook_missing_records",
            "Records that Kafka no longer had when a webhook came to them: its position is older than the retention.",
            registry=registry,
        )
        self.unreadable = Counter(
            "liveline_webhook_unreadable_records",
            "Records that are neither Entry nor Alert and were passed over. Anything but 0: who writes there?",
            registry=registry,
        )
