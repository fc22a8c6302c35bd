"""Sources read by asking: politely, within bounds, and kept out of internal networks."""
