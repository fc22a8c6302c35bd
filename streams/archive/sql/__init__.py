"""The archive in SQL, the same for SQLite and PostgreSQL; what differs is a `Store`."""
