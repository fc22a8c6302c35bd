"""What posts report, kept at hand for those that were compared last."""

from collections import OrderedDict

from streams.dedupe.memory.remembered import Remembered, unpack
from streams.dedupe.same_news.similarity import Told, told

_KEPT = 1_024


class Texts:
    """A small cache: tokenising a candidate costs more than comparing it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, Told] = OrderedDict()

    def of(self, known: Remembered) -> Told:
        """Return what an entry reports."""
        found = self._kept.get(known.content)
        if found is None:
            found = told(unpack(known.content))
            self.keep(known.content, found)
        else:
            self._kept.move_to_end(known.content)
        return found

    def keep(self, content: bytes, found: Told) -> None:
        """Keep what was told by its packed content, and let go of the oldest."""
        self._kept[content] = found
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
