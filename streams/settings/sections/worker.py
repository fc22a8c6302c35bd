"""The workers: their group, their transactions, and their end."""

from datetime import timedelta

from pydantic import BaseModel, Field

from streams.settings.values import Bind, Duration


class WorkerSettings(BaseModel):
    """A worker's group and the size of its transactions."""

    application: str = Field(
        "liveline",
        description="The workers' consumer group and the prefix of their transactional ids; workers that share it "
        "share the work.",
        pattern=r"^[A-Za-z0-9._-]{1,100}$",
    )
    session_timeout: Duration = Field(
        timedelta(seconds=6),
        description="A worker that Kafka has not heard of for so long loses its partitions to another one. 6s is "
        "the least that a Kafka broker allows by default; longer means later recovery after a crash.",
        ge=timedelta(seconds=1),
    )
    batch_max_records: int = Field(
        500,
        description="Documents in one transaction: 500 take about 25 ms, more gains hardly any throughput.",
        ge=1,
        le=100_000,
    )
    batch_max_bytes: int = Field(
        4 * 1024 * 1024,
        description="Bytes of documents in one transaction; a larger document makes a transaction of its own.",
        ge=1024,
    )


class ShutdownSettings(BaseModel):
    """How long a process has for its end."""

    shutdown_timeout: Duration = Field(
        timedelta(seconds=20),
        description="For finishing what is at hand after SIGTERM; below the 30 s after which Kubernetes kills.",
        ge=timedelta(0),
    )


class WorkerHealthSettings(BaseModel):
    """Where a worker's health is answered."""

    worker_bind: Bind | None = Field(
        None, description="`host:port` of the worker's health and metrics; absent: the worker listens nowhere."
    )
