"""Every metric of the sinks, with what it measures and what to look at when it moves."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_DELAY_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 3600.0)


class SinkMetrics:
    """The sinks' metrics in the registry that they were given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them; a registry takes them once."""
        self.attempts = Counter(
            "liveline_sink_attempts",
            "Messages sent to sinks, by sink and outcome: sent, retried, failed (given up). Many retried: "
            "`sink.failed` in the log says why.",
            ("sink", "outcome"),
            registry=registry,
        )
        self.untold = Counter(
            "liveline_sink_untold",
            "Revisions of alerts that a sink was not sent, by sink and reason: late, muted (or acknowledged), dropped "
            "(withdrawn before it was told). Many late: what stood still, worker, deliverer or sink?",
            ("sink", "reason"),
            registry=registry,
        )
        self.waiting = Gauge(
            "liveline_sink_waiting",
            "Revisions of alerts that wait, by sink and reason: pending, quiet, digest, most. Pending grows: the sink "
            "fails or is slower than the news.",
            ("sink", "reason"),
            registry=registry,
        )
        self.failing = Gauge(
            "liveline_sink_failing_seconds",
            "Since when a sink fails, as seconds since 1970; 0 while it works. Not 0 for minutes: nobody is told.",
            ("sink",),
            registry=registry,
        )
        self.delay = Histogram(
            "liveline_sink_delay_seconds",
            "From the receipt of what led to an alert until a sink had it; what the sink itself kept back is left out.",
            ("sink",),
            buckets=_DELAY_SECONDS,
            registry=registry,
        )
        self.in_doubt = Counter(
            "liveline_sink_in_doubt",
            "Revisions of alerts that were sent once more because nobody knew what became of them: after a crash in "
            "the midst, or no answer in time.",
            registry=registry,
        )
        self.unreadable = Counter(
            "liveline_sink_unreadable_records",
            "Records on the alerts' topic that are no Alert and were passed over. Anything but 0: who writes there?",
            registry=registry,
        )
        self.missing = Counter(
            "liveline_sink_missing_records",
            "Alerts that Kafka no longer had when the deliverer came to them: it stood still for longer than their "
            "retention.",
            registry=registry,
        )
