"""Which entry a post is."""
