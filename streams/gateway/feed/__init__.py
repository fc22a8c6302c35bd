"""The log as the gateway reads it."""
