"""Sinks of alerts: what is sent to people, when, and in which words; the plan is pure, the sending is not."""
