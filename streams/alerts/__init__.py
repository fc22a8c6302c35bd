"""Alerts: entries and memory in, alert revisions and changes of memory out. Pure: no clock, no Kafka."""

from streams.alerts.check import Problem, rule_problems
from streams.alerts.engine import Engine

__all__ = ["Engine", "Problem", "rule_problems"]
