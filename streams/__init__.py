"""Liveline: live-blog updates of any newsroom as one clean, deduplicated, replayable stream."""
