"""What one partition remembers: loaded from `liveline.memory`, changed by committed drafts and nothing else."""

from streams.dedupe.draft import Draft
from streams.dedupe.memory.coverages import Coverages


class Memory(Coverages):
    """The memory of a partition: decisions are drafted over it, and a draft is applied once it is committed."""

    def draft(self, *, explain: bool = False) -> Draft:
        """Return an empty draft over this memory; `explain` keeps the reason of every decision."""
        return Draft(self, explain=explain)

    def apply(self, draft: Draft) -> None:
        """Add a committed draft to the memory."""
        self.last.merge(draft.last)
        self.take_up(draft.layers, draft.swept)
