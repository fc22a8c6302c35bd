"""Which revisions are due to a webhook: the rule of the streams, from what is remembered of each entry.

A stream asks the archive what an entry was; a deliverer has none and remembers, for each webhook and entry, the first
revision that was judged and the first that fitted.
"""

from streams.archive import Due, Revision
from streams.archive.archive import Wanted
from streams.archive.state import Seen


def judge(wanted: Wanted, revision: Revision, seen: Seen | None) -> tuple[Due, Seen | None]:
    """Return how a revision is due, and what to remember of its entry; None if it can never be due."""
    if not wanted.fits_origin(revision.now):
        return Due.NOT, None
    number, gone = revision.revision, revision.now.gone
    fits = wanted.fits(revision.now)
    remembered = seen or Seen(number, None)
    if number < remembered.seen_from:
        remembered = Seen(number, remembered.first_fit)  # read again from earlier on
    had = remembered.first_fit is not None and remembered.first_fit < number
    # A retraction fits nobody by itself: without content it would reach readers who never had the entry.
    if fits and not gone:
        if remembered.first_fit is None or number < remembered.first_fit:
            remembered = Seen(remembered.seen_from, number)
        return Due.ENTRY, remembered
    # An entry whose earlier revisions nobody judged: the reader may have had any of them.
    unknown = gone and remembered.seen_from > 1
    if had or unknown:
        return (Due.ENTRY if fits else Due.LEFT), remembered
    return Due.NOT, remembered
