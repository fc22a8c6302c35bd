"""Server-sent events: one connection, one subscription."""
