"""Whether `liveline.yaml` as it stands is in force, for all processes alike."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class ReloadMetrics:
    """What became of the newsroom's file when it was read again."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register it; a registry takes it once."""
        self.reloads = Counter(
            "liveline_config_reloads_total",
            "`liveline.yaml` read again, by result: applied, unchanged, refused (it is wrong, or may not be taken now; "
            "the log's `config.refused` says why), failed (`config.reload_failed`: a bug, restart the process).",
            ["result"],
            registry=registry,
        )
        self.in_force = Gauge(
            "liveline_config_in_force",
            "1 while `liveline.yaml` as it was last read is in force, 0 while the one before it is. 0: run "
            "`liveline config check`, and mend the file.",
            registry=registry,
        )
        self.in_force.set(1)
        for result in ("applied", "unchanged", "refused", "failed"):
            self.reloads.labels(result)
