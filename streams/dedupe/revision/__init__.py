"""Whether a post says something new."""
