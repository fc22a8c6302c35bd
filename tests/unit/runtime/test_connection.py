"""How Kafka is reached, as each client library wants to be told."""

import ssl
from pathlib import Path

import pytest

from streams.exceptions import SettingsError
from streams.runtime.kafka.connection import KafkaConnection

PASSWORD = "hush"  # noqa: S105  (of nothing)


def test_plain_needs_only_an_address() -> None:
    """Without TLS and passwords nothing of theirs is passed on."""
    connection = KafkaConnection("k1:9092,k2:9092")

    assert connection.aiokafka() == {"bootstrap_servers": "k1:9092,k2:9092", "security_protocol": "PLAINTEXT"}
    assert connection.confluent() == {"bootstrap.servers": "k1:9092,k2:9092", "security.protocol": "PLAINTEXT"}


def test_sasl_over_tls() -> None:
    """Mechanism, name and password reach both libraries; certificate and host name are checked."""
    connection = KafkaConnection("k:9093", "SASL_SSL", "SCRAM-SHA-256", "desk", PASSWORD)

    arguments = connection.aiokafka()
    context = arguments.pop("ssl_context")

    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert arguments == {
        "bootstrap_servers": "k:9093",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-256",
        "sasl_plain_username": "desk",
        "sasl_plain_password": PASSWORD,
    }
    assert connection.confluent() == {
        "bootstrap.servers": "k:9093",
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-256",
        "sasl.username": "desk",
        "sasl.password": PASSWORD,
    }


def test_tls_without_a_password_sends_none() -> None:
    """A name and a password that are set but not asked for stay here."""
    connection = KafkaConnection("k:9093", "SSL", sasl_username="desk", sasl_password=PASSWORD, ca_file=Path("ca.pem"))

    assert connection.confluent() == {
        "bootstrap.servers": "k:9093",
        "security.protocol": "SSL",
        "ssl.ca.location": "ca.pem",
    }


def test_the_password_is_not_printed() -> None:
    """A connection can be logged."""
    assert PASSWORD not in repr(KafkaConnection("k:9093", "SASL_SSL", sasl_username="desk", sasl_password=PASSWORD))


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_cannot_be_read_is_named(tmp_path: Path, content: str | None) -> None:
    """The message names the setting and the file."""
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)

    with pytest.raises(SettingsError, match=r"LIVELINE_KAFKA_CA_FILE: .*ca\.pem"):
        KafkaConnection("k:9093", "SSL", ca_file=path).aiokafka()
