"""Alerts on their way out: read from their topic, kept, and delivered to clients with the right to read them."""
