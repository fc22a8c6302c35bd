"""How Kafka is reached, in the words of each client library."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from streams.exceptions import SettingsError


@dataclass(frozen=True, slots=True)
class KafkaConnection:
    """An address and what it takes to be let in."""

    bootstrap: str
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str = "SCRAM-SHA-512"
    """Counts with a `SASL_` protocol only, as do the next two."""
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    """The authorities to trust; without it, the system's own."""

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.security_protocol.endswith("SSL")

    @property
    def sasl(self) -> bool:
        """Whether a name and a password are asked for."""
        return self.security_protocol.startswith("SASL_")

    def aiokafka(self) -> dict[str, Any]:
        """Return aiokafka's keyword arguments."""
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap,
            "security_protocol": self.security_protocol,
        }
        if self.tls:
            arguments["ssl_context"] = self.ssl_context()
        if self.sasl:
            arguments["sasl_mechanism"] = self.sasl_mechanism
            arguments["sasl_plain_username"] = self.sasl_username
            arguments["sasl_plain_password"] = self.sasl_password
        return arguments

    def confluent(self) -> dict[str, str]:
        """Return confluent-kafka's settings."""
        settings = {"bootstrap.servers": self.bootstrap, "security.protocol": self.security_protocol}
        if self.tls and self.ca_file is not None:
            settings["ssl.ca.location"] = str(self.ca_file)
        if self.sasl:
            settings["sasl.mechanism"] = self.sasl_mechanism
            settings["sasl.username"] = self.sasl_username or ""
            settings["sasl.password"] = self.sasl_password or ""
        return settings

    def ssl_context(self) -> ssl.SSLContext:
        """Return a context that checks the broker's certificate and name."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(
                f"LIVELINE_KAFKA_CA_FILE: {self.ca_file} can't be read ({error}); expected a PEM file"
            ) from None
