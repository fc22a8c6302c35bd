"""Kafka as it is spoken to: without Faust, without agents."""
