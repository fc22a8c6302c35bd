"""The decision which story an entry is part of, made once and kept over its revisions.

A story is named after its first entry, so it is the same on a replay. A duplicate is part of its original's story. An
edit moves an entry only if it now tells something else that is alike to another story.
"""

from typing import Final
from uuid import NAMESPACE_URL, uuid5

from schemas.entry import Change, Entry
from schemas.post import Kind
from streams.dedupe.identity.identity import named_id
from streams.dedupe.memory.coverage import CoverageMemory
from streams.dedupe.memory.remembered import Remembered
from streams.dedupe.memory.term_index import ABOUT_BITS
from streams.stories.likeness import Likeness, alike
from streams.stories.nearest import Search
from streams.stories.story_reason import StoryReason, StoryRule
from streams.stories.story_thresholds import StoryThresholds
from streams.stories.terms import packed, terms_of, unpacked

_NAMESPACE: Final = uuid5(NAMESPACE_URL, "liveline:story").bytes
_SHOWN_WORDS: Final = 6


def story_id(coverage_id: str, first: str) -> str:
    """Return the id of the story that an entry began."""
    return named_id(_NAMESPACE, f"{coverage_id}\n{first}")


def find_story(
    entry: Entry, layer: CoverageMemory, thresholds: StoryThresholds, *, explain: bool = False
) -> StoryReason | None:
    """Return the story of an enriched entry that `layer` knows, and take it up there.

    None where there is no story: of a recap, which repeats many reports, of a reader's comment, and of a retraction of
    what had none.
    """
    known = layer.get(entry.entry_id)
    if known is None:
        return None
    if entry.change is Change.RETRACTED:
        return _told(entry, known.story, StoryRule.KEPT) if known.story else None
    if entry.kind is not Kind.POST:
        return None
    if entry.duplicate_of:
        return _of_original(entry, known, layer)
    words = terms_of(entry)
    terms = packed(words)
    if known.story and (terms == known.terms or _same_topic(known.terms, terms, layer, thresholds)):
        layer.put(known._replace(terms=terms))
        return _told(entry, known.story, StoryRule.KEPT)
    found = known._replace(terms=terms)
    layer.put(found)
    nearest, enough = Search(layer, found, thresholds).nearest(explain=explain)
    if nearest and enough:
        story, rule = nearest.known.story, StoryRule.MOVED if known.story else StoryRule.JOINED
        if story == known.story:
            rule = StoryRule.KEPT
    else:
        story, rule = known.story or known.entry_id, StoryRule.KEPT if known.story else StoryRule.NEW
    layer.put(found._replace(story=story))
    if nearest is None or not explain:
        return _told(entry, story, rule)
    named = {term & ~ABOUT_BITS: word for term, word in words.items()}
    shown = tuple(named[term] for term in nearest.shared[:_SHOWN_WORDS])
    return _told(entry, story, rule, nearest.known.entry_id, nearest.likeness, shown)


def _of_original(entry: Entry, known: Remembered, layer: CoverageMemory) -> StoryReason:
    """Put a duplicate into its original's story; its own words count for nothing, as the original has them."""
    original = layer.get(entry.duplicate_of or "")
    story = (original.story if original else "") or str(entry.duplicate_of)
    if original and not original.story and not original.skeleton:
        layer.put(original._replace(story=story))
    layer.put(known._replace(story=story, terms=b""))
    return _told(entry, story, StoryRule.REPEATED, str(entry.duplicate_of))


def _same_topic(before: bytes, after: bytes, layer: CoverageMemory, thresholds: StoryThresholds) -> bool:
    """Whether an edit is still about the same; what the entry said before may no longer be known."""
    if not before:
        return True
    measure = Likeness(*layer.term_counts())
    former, present = (measure.weighed(unpacked(terms)) for terms in (before, after))
    return alike(former, present) >= thresholds.stays


def _told(
    entry: Entry,
    story: str,
    rule: StoryRule,
    candidate: str | None = None,
    likeness: float | None = None,
    words: tuple[str, ...] = (),
) -> StoryReason:
    return StoryReason(rule, entry.entry_id, story_id(entry.coverage_id, story), candidate, likeness, words)
