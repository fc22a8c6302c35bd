"""A cache of the texts that were compared last."""

from collections import OrderedDict

from streams.dedupe.memory.remembered import Remembered, unpack
from streams.dedupe.same_news.similarity import ComparedText, compared_text

_KEPT_TEXTS = 1_024


class ComparedTexts:
    """A cache, since tokenising a candidate costs more than comparing it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, ComparedText] = OrderedDict()

    def of(self, known: Remembered) -> ComparedText:
        """Return an entry's text, from the cache if possible."""
        found = self._kept.get(known.content)
        if found is None:
            found = compared_text(unpack(known.content))
            self.keep(known.content, found)
        else:
            self._kept.move_to_end(known.content)
        return found

    def keep(self, content: bytes, found: ComparedText) -> None:
        """Keep a text under its packed content; the text that was used longest ago leaves a full cache."""
        self._kept[content] = found
        if len(self._kept) > _KEPT_TEXTS:
            self._kept.popitem(last=False)
