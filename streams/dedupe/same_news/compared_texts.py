"""What posts report, kept at hand for those that were compared last."""

from collections import OrderedDict

from streams.dedupe.memory.remembered import Remembered, unpack
from streams.dedupe.same_news.similarity import ComparedText, compared_text

_KEPT = 1_024


class ComparedTexts:
    """A small cache: tokenising a candidate costs more than comparing it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, ComparedText] = OrderedDict()

    def of(self, known: Remembered) -> ComparedText:
        """Return what an entry reports."""
        found = self._kept.get(known.content)
        if found is None:
            found = compared_text(unpack(known.content))
            self.keep(known.content, found)
        else:
            self._kept.move_to_end(known.content)
        return found

    def keep(self, content: bytes, found: ComparedText) -> None:
        """Keep what was told by its packed content, and let go of the oldest."""
        self._kept[content] = found
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
