"""The registry of a process: what it is, and what it takes of the machine."""

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector

from streams.distribution import installed_version


class BuildMetrics:
    """Which version runs, for all processes alike."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register it; a registry takes it once."""
        self.build = Gauge(
            "liveline_build_info",
            "1, by version and process (worker, gateway, poll, deliver, up). Two versions: a release under way.",
            ["version", "process"],
            registry=registry,
        )


def process_registry(process: str) -> CollectorRegistry:
    """Return a new registry that has the version and, on Linux, `process_*`: memory, processor time, descriptors.

    `process` is the command that runs: worker, gateway, poll, deliver or up.
    """
    registry = CollectorRegistry()
    BuildMetrics(registry).build.labels(version=installed_version(), process=process).set(1)
    ProcessCollector(registry=registry)
    return registry
