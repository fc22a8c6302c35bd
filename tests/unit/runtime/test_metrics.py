"""A worker's metrics."""

from streams.runtime.metrics import WorkerMetrics


def test_the_lag_of_a_partition_that_left_is_told_no_more() -> None:
    """Two workers that both told of it would add up to a lag that nobody has."""
    metrics = WorkerMetrics()
    for partition in range(4):
        for agent in ("entries", "alerts"):
            metrics.lag.labels(agent=agent, partition=partition).set(100)
    metrics.keep_lag_of("entries", [1, 3])
    metrics.keep_lag_of("entries", [1, 3, 7])

    told = [partition for partition in range(8) if lag_of(metrics, partition) is not None]
    assert told == [1, 3]
    assert lag_of(metrics, 0, "alerts") == 100


def lag_of(metrics: WorkerMetrics, partition: int, agent: str = "entries") -> float | None:
    """Return a partition's lag as it is scraped."""
    return metrics.registry.get_sample_value("liveline_lag_records", {"agent": agent, "partition": str(partition)})
