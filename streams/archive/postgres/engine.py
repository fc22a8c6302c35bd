"""Connections to PostgreSQL."""

from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from streams.archive.database import CONNECT_SECONDS

_SETTINGS: Final = (
    # A crash of the server may take the last transactions, each as a whole; they are read from Kafka again.
    "SET synchronous_commit TO off",
    # A gateway that stands still, or whose machine is gone, does not keep others from writing for longer than this.
    "SET idle_in_transaction_session_timeout TO '10s'",
    "SET tcp_keepalives_idle TO 5",
    "SET tcp_keepalives_interval TO 2",
    "SET tcp_keepalives_count TO 3",
)


def control_engine(url: URL) -> Engine:
    """Return an engine for a few statements, which keeps no connection."""
    return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": CONNECT_SECONDS})


def archive_engine(url: URL, schema: str, connections: int) -> Engine:
    """Return an engine whose connections see the tables of one archive."""
    engine = create_engine(
        url, pool_size=connections, max_overflow=0, connect_args={"connect_timeout": CONNECT_SECONDS}
    )

    def set_up(connection: Any, _: Any) -> None:
        before, connection.autocommit = connection.autocommit, True
        connection.execute("; ".join((*_SETTINGS, f"SET search_path TO {schema}")))
        connection.autocommit = before

    event.listen(engine, "connect", set_up)
    return engine
