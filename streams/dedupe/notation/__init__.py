"""One notation of the same content."""
