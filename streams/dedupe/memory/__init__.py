"""What is remembered of each coverage, and how it is written to `liveline.memory`."""
