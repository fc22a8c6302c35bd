"""The flow as data: each topic, what it keeps, who writes and who reads it.

producers -> raw -> agent "entries" -> entries -> gateway: SSE, REST, page
                                               -> agent "alerts" -> alerts, alerts.memory
                                    -> entries.latest, memory, dead-letters
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DAY_MS: Final = 24 * 60 * 60 * 1000
MAX_MESSAGE_BYTES: Final = 8 * 1024 * 1024
MAX_DOCUMENT_BYTES: Final = MAX_MESSAGE_BYTES - 64 * 1024
"""Of a body: its headers have room beside it."""


class Role(StrEnum):
    """What a topic is for; its name is the prefix and this."""

    RAW = "raw"
    ENTRIES = "entries"
    LATEST = "entries.latest"
    MEMORY = "memory"
    ALERTS = "alerts"
    ALERTS_MEMORY = "alerts.memory"
    CONTROL = "control"
    DEAD_LETTERS = "dead-letters"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic must be like."""

    role: Role
    key: str
    value: str
    written_by: str
    read_by: tuple[str, ...]
    compacted: bool = False
    retention_ms: int = 7 * DAY_MS
    co_partitioned: bool = True
    """It has as many partitions as `raw`; what a document leads to stays in the document's partition. If not, one."""
    of_generation: bool = False
    """Each generation has its own: what agent "entries" writes."""

    def config(self) -> dict[str, str]:
        """Return Kafka's settings of the topic; anything else is wrong."""
        shared = {"compression.type": "zstd", "max.message.bytes": str(MAX_MESSAGE_BYTES)}
        if self.compacted:
            return {**shared, "cleanup.policy": "compact"}
        return {**shared, "cleanup.policy": "delete", "retention.ms": str(self.retention_ms)}


TOPICS: Final = (
    Topic(Role.RAW, "coverage id", "the document's bytes, untouched", "producers", ("agent entries",)),
    Topic(Role.ENTRIES, "entry id", "Entry, one record a revision", "agent entries",
          ("gateway", "agent alerts", "deliverer"), of_generation=True),
    Topic(Role.LATEST, "entry id", "Entry, newest revision", "agent entries", ("anyone",), compacted=True,
          of_generation=True),
    Topic(Role.MEMORY, "coverage and entry", "what the deduplication knows", "agent entries", ("agent entries",),
          compacted=True, of_generation=True),
    Topic(Role.ALERTS, "alert id", "Alert, one record a revision", "agent alerts", ("gateway", "deliverer"),
          retention_ms=30 * DAY_MS),
    Topic(Role.ALERTS_MEMORY, "coverage and rule", "what the alert rules know", "agent alerts", ("agent alerts",),
          compacted=True),
    Topic(Role.CONTROL, "what it is about", "live generation, states of dead letters, heartbeats", "every process",
          ("every process",), compacted=True, co_partitioned=False),
    Topic(Role.DEAD_LETTERS, "coverage id", "the original bytes", "agent entries", ("liveline dlq",),
          retention_ms=30 * DAY_MS, of_generation=True),
)  # fmt: skip


GENERATION_ROLES: Final = frozenset(topic.role for topic in TOPICS if topic.of_generation)
LIVE: Final = "live"
"""The generation under the plain names: the first, and live until another one is."""


@dataclass(frozen=True, slots=True)
class Names:
    """The topics' names under a prefix, as one generation sees them."""

    prefix: str = "liveline."
    generation: str = LIVE

    def of(self, role: Role) -> str:
        """Return the name of the topic with this role."""
        if self.generation != LIVE and role in GENERATION_ROLES:
            return f"{self.prefix}{self.generation}.{role}"
        return f"{self.prefix}{role}"

    @property
    def raw(self) -> str:
        """Documents as received."""
        return self.of(Role.RAW)

    @property
    def entries(self) -> str:
        """Every revision."""
        return self.of(Role.ENTRIES)

    @property
    def latest(self) -> str:
        """The newest revision of each entry."""
        return self.of(Role.LATEST)

    @property
    def memory(self) -> str:
        """What the deduplication knows."""
        return self.of(Role.MEMORY)

    @property
    def alerts(self) -> str:
        """Every revision of every alert."""
        return self.of(Role.ALERTS)

    @property
    def alerts_memory(self) -> str:
        """What the alert rules know."""
        return self.of(Role.ALERTS_MEMORY)

    @property
    def control(self) -> str:
        """The live generation, states of dead letters, and the processes' heartbeats."""
        return self.of(Role.CONTROL)

    @property
    def dead_letters(self) -> str:
        """What could not be processed."""
        return self.of(Role.DEAD_LETTERS)
