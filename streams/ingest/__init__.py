"""How documents come in: the one producer of `liveline.raw`, and push over HTTP."""

from streams.ingest.producer import DocumentProducer, Stored
from streams.ingest.unavailable import KafkaUnavailable

__all__ = ["DocumentProducer", "KafkaUnavailable", "Stored"]
