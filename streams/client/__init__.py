"""For programs that talk to a gateway: push documents, subscribe to entries."""
