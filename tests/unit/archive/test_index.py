"""What is kept beside a revision."""

from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog
from gateway_harness import an_entry

from streams.archive import Revision, SqliteArchive
from streams.archive.facets import Facets


@pytest.mark.parametrize(
    "odd", [{"first_published_at": "yesterday"}, {"first_published_at": 7}, {"authors": [1, None]}, {"authors": None}]
)
async def test_a_record_of_another_program_does_not_hold_up_the_log(tmp_path: Path, odd: dict[str, Any]) -> None:
    """It is archived as it stands; what can't be read of it is not indexed."""
    archive = SqliteArchive(tmp_path / "a.db", structlog.get_logger())
    await archive.open("log", (0,))
    told = {**an_entry(1).to_dict(), **odd}
    revision = Revision(0, 0, 0, told["entry_id"], 1, orjson.dumps(told), Facets.of(told))

    await archive.append([revision], {0: 1})

    assert archive.position == {0: 1}
    held = await archive.coverage("harbour-fire")
    assert held is not None
    assert held.entries == 1
    await archive.close()
