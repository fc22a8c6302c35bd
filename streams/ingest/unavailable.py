"""The error of a document that Kafka did not take in time."""

from streams.exceptions import BrokerError


class KafkaUnavailable(BrokerError):  # noqa: N818  (it names a state, which callers answer with 503)
    """Kafka did not acknowledge the document; whether it has it is not known, so sending it again is right."""
