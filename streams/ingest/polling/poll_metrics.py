"""Every metric of the pollers and of WebSub, with what it measures and what to look at when it moves."""

import contextlib

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class PollMetrics:
    """The pollers' metrics in the registry that they were given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register them; a registry takes them once."""
        self.polls = Counter(
            "liveline_poll_polls",
            "Polls by source and result: pushed, not_modified (304), same_body, not_stored (Kafka), status_..., or why "
            "there was no answer (timeout, connection, internal, too_large, coding, redirects, url). Only same_body: "
            "the server has no ETag that works.",
            ("source", "result"),
            registry=registry,
        )
        self.seconds = Histogram(
            "liveline_poll_seconds",
            "One poll from its turn at the host to its last byte, redirects included. Grows: the publisher is slow.",
            registry=registry,
            buckets=_SECONDS,
        )
        self.read_bytes = Counter(
            "liveline_poll_read_bytes", "Bytes of the bodies that were read, inflated.", registry=registry
        )
        self.success = Gauge(
            "liveline_poll_last_success_timestamp_seconds",
            "When a source was last read, changed or not. Older than a few intervals: the log says why.",
            ("source",),
            registry=registry,
        )
        self.failures = Gauge(
            "liveline_poll_failures_in_a_row",
            "Polls of a source that failed since the last success. Grows: the log says why.",
            ("source",),
            registry=registry,
        )
        self.subscriptions = Gauge(
            "liveline_poll_websub_subscriptions", "Subscriptions that a hub has confirmed.", registry=registry
        )
        self.hub_requests = Counter(
            "liveline_poll_websub_requests",
            "Requests to hubs, by mode (subscribe, unsubscribe) and result: accepted, refused, failed.",
            ("mode", "result"),
            registry=registry,
        )
        self.verifications = Counter(
            "liveline_poll_websub_verifications",
            "What hubs asked at the callback: subscribe, unsubscribe, denied, or unknown, which was answered with 404. "
            "Many unknown ones: a hub still knows a subscription of a process that was killed.",
            ("mode",),
            registry=registry,
        )
        self.deliveries = Counter(
            "liveline_poll_websub_deliveries",
            "What hubs delivered: pushed, same_body, not_stored (Kafka), bad_signature (dropped: somebody else, or a "
            "hub that lost the secret), pinged (from a hub without https: the source is polled), unknown, empty.",
            ("result",),
            registry=registry,
        )

    def forget(self, source_id: str) -> None:
        """Say nothing more of a source that is no longer polled: its last success would only grow old."""
        for gauge in (self.success, self.failures):
            with contextlib.suppress(KeyError):  # it was never read
                gauge.remove(source_id)
