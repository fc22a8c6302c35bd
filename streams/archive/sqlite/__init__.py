"""The archive in SQLite."""
