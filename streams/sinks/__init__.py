"""Sinks of alerts: which messages are sent to people, when and in which words; the plan is pure."""
