"""What webhooks know of entries, when another generation counts revisions anew."""

from datetime import UTC, datetime
from pathlib import Path

from streams.archive.state import Seen, SeenEntries, open_state

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_what_fitted_once_did_so_before_any_revision_that_comes(tmp_path: Path) -> None:
    """So its retraction is due although it has a lower number; all else stays as it is."""
    state = open_state(f"sqlite:///{tmp_path}/state.db")
    try:
        with state.write() as connection:
            SeenEntries.put(connection, "hook", {"a": Seen(1, 5), "b": Seen(2, None)}, NOON)
            SeenEntries.put(connection, "other", {"a": Seen(1, 5)}, NOON)
            SeenEntries.count_anew(connection, "hook")

            assert SeenEntries.of(connection, "hook", {"a", "b"}) == {"a": Seen(1, 0), "b": Seen(2, None)}
            assert SeenEntries.of(connection, "other", {"a"}) == {"a": Seen(1, 5)}
    finally:
        state.close()
