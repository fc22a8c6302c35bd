"""Documents at a steady rate, so that every fault and every rebalance finds some on their way."""

import threading
import time

from confluent_kafka import Producer

from schemas.envelope import document_headers

from chaos.workload import Workload


class SteadyLoad(threading.Thread):
    """Pushes a workload's documents until it is stopped, and at least so many."""

    def __init__(self, bootstrap: str, topic: str, workload: Workload, *, a_second: float, least: int = 0) -> None:
        super().__init__()
        self.pushed = 0
        self._topic, self._workload = topic, workload
        self._a_second, self._least = a_second, least
        self._over = threading.Event()
        self._failure: Exception | None = None
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "enable.idempotence": True,
                "linger.ms": 5,
                "message.timeout.ms": 120_000,
            }
        )

    def stop(self) -> None:
        """Push no more than the least, at once, and return when the broker has all."""
        self._over.set()
        self.join()
        if self._failure:
            raise self._failure

    def run(self) -> None:
        """Push; while the broker is away the producer keeps what comes, at the same rate."""
        started = time.monotonic()
        try:
            for pushed in self._workload:
                document = pushed.document
                self._producer.produce(
                    self._topic,
                    document.body,
                    document.coverage_id,
                    partition=pushed.partition,
                    headers=list(document_headers(document)),
                )
                self._producer.poll(0)
                self.pushed += 1
                if self._over.is_set() and self.pushed >= self._least:
                    break
                self._over.wait(max(0.0, started + self.pushed / self._a_second - time.monotonic()))
            left = self._producer.flush(120)
        except Exception as failure:  # noqa: BLE001  (of a thread: told by `stop`)
            self._failure = failure
        else:
            self._failure = RuntimeError(f"{left} documents could not be pushed") if left else None
