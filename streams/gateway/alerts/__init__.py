"""Alerts out: read from their topic, kept, and told to those who may know."""
