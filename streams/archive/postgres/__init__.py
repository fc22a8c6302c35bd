"""The archive in PostgreSQL: for several gateways."""
