"""What the enrichers' tests share."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas import Change, Entry, Status

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Return a function that makes an entry with a content."""

    def make(**fields: Any) -> Entry:
        return Entry(
            entry_id="e1",
            revision=1,
            change=Change.CREATED,
            status=Status.USABLE,
            coverage_id="harbour-fire",
            source_id="evening-post",
            received_at=AT,
            processed_at=AT,
            **fields,
        )

    return make
