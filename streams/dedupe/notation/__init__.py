"""One way to write the same content: text, addresses, times, whole posts."""
