"""What every route of the gateway shares: parameters, what it knows of, connections."""
