"""When a feed changed last, so that two of its forms never share a time."""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import Final

_REMEMBERED: Final = 1000
_SECOND: Final = timedelta(seconds=1)


class LastModified:
    """Remembers the time given for each feed: HTTP dates have whole seconds, and two edits may fall into one."""

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self._said: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    def of(self, address: str, etag: str, changed: datetime | None) -> datetime | None:
        """Return the time of this form of a feed: a second more than its last one's, at least; None if it is empty."""
        if changed is None:
            return None
        moment = changed.astimezone(UTC).replace(microsecond=0)
        before = self._said.get(address)
        if before is not None:
            moment = before[1] if before[0] == etag else max(moment, before[1] + _SECOND)
        self._said[address] = (etag, moment)
        self._said.move_to_end(address)
        if len(self._said) > _REMEMBERED:
            self._said.popitem(last=False)
        return moment
