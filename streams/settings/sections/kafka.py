"""How Kafka is reached, and the topics that we make on it."""

from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from streams.settings.prefix import PREFIX

EMBEDDED: Final = "embedded"
"""The value of `LIVELINE_KAFKA` for the broker in this process's memory."""


class SecurityProtocol(StrEnum):
    """How Kafka is spoken to."""

    PLAINTEXT = "PLAINTEXT"
    SSL = "SSL"
    SASL_PLAINTEXT = "SASL_PLAINTEXT"
    SASL_SSL = "SASL_SSL"

    @property
    def sasl(self) -> bool:
        """Whether it needs a user name and a password."""
        return self.value.startswith("SASL_")


class SaslMechanism(StrEnum):
    """How Kafka is told who we are."""

    PLAIN = "PLAIN"
    SCRAM_SHA_256 = "SCRAM-SHA-256"
    SCRAM_SHA_512 = "SCRAM-SHA-512"


class KafkaSettings(BaseModel):
    """The brokers, how to speak to them, and the topics."""

    kafka: str = Field(
        EMBEDDED,
        description="Bootstrap servers (`host:port,host:port`), or `embedded`: a broker in this process's memory, "
        "the default so that trying Liveline needs nothing else. It loses everything at the end.",
        min_length=1,
    )
    kafka_security_protocol: SecurityProtocol = Field(
        SecurityProtocol.PLAINTEXT, description="`SSL` and `SASL_SSL` are TLS; plain by default, as Kafka itself is."
    )
    kafka_sasl_mechanism: SaslMechanism = Field(
        SaslMechanism.SCRAM_SHA_512, description="The strongest that Kafka has for names and passwords."
    )
    kafka_sasl_username: str | None = Field(None, description="Needed with a `SASL_` protocol.")
    kafka_sasl_password: SecretStr | None = Field(None, description="Needed with a `SASL_` protocol. Never printed.")
    kafka_ca_file: Path | None = Field(
        None, description="PEM file of the authorities to trust; absent: the system's own."
    )
    topic_prefix: str = Field(
        "liveline.",
        description="Before each topic's name; another one keeps two installations on one cluster apart.",
        pattern=r"^[A-Za-z0-9._-]{0,100}$",
    )
    partitions: int = Field(
        4,
        description="Of topics that we create: the most workers that can share the work. Can't be lowered later.",
        ge=1,
        le=1000,
    )
    replication: int = Field(
        -1,
        description="Copies of each partition of topics that we create; -1 leaves it to the cluster "
        "(`default.replication.factor`), which knows how many brokers it has.",
        ge=-1,
        le=10,
    )

    @model_validator(mode="after")
    def _who_we_are(self) -> Self:
        if self.kafka_security_protocol.sasl:
            for name in ("kafka_sasl_username", "kafka_sasl_password"):
                if not getattr(self, name):
                    raise ValueError(
                        f"{PREFIX}{name.upper()}: missing; {PREFIX}KAFKA_SECURITY_PROTOCOL "
                        f"{self.kafka_security_protocol} needs it"
                    )
        if self.kafka_ca_file and not self.kafka_ca_file.is_file():
            raise ValueError(f"{PREFIX}KAFKA_CA_FILE: no file {str(self.kafka_ca_file)!r}; expected a PEM file")
        return self
