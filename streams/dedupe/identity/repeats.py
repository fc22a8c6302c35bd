"""The same post more than once in one document: a pinned copy, a page's repetition."""

from collections.abc import Sequence

from streams.dedupe.identity.identity import Identified
from streams.dedupe.notation.instant import micros
from streams.dedupe.revision.version import compare_versions


def without_repeats(
    identified: Sequence[Identified], entries: Sequence[str], prints: Sequence[bytes], *, snapshot: bool
) -> list[int]:
    """Return the indexes of the posts that count, in order; each entry once.

    A snapshot shows each post as it is now. Of several copies the newest counts; of equally new ones the pinned copy,
    so that the pin is not lost; then the later one. A document of updates lists one version after another, so only a
    word-for-word repetition is left out, even if one copy is pinned.
    """
    if len(set(entries)) == len(entries):
        return list(range(len(entries)))
    chosen: dict[str, int] = {}
    kept: list[int] = []
    for index, entry in enumerate(entries):
        other = chosen.get(entry)
        if other is None:
            kept.append(index)
            chosen[entry] = index
            continue
        pins = _differ_by_pin(identified[index], identified[other])
        if not snapshot and not pins and prints[other] != prints[index]:
            kept.append(index)
            chosen[entry] = index
        elif (snapshot or pins) and _better(identified[index], identified[other]):
            kept[kept.index(other)] = index
            chosen[entry] = index
    return sorted(kept)


def _differ_by_pin(new: Identified, old: Identified) -> bool:
    a, b = old.post, new.post
    return a.pinned != b.pinned and a == b.model_copy(update={"pinned": a.pinned})


def _better(new: Identified, old: Identified) -> bool:
    a, b = old.post, new.post
    if order := compare_versions(a.version, b.version):
        return order > 0
    times = micros(a.updated_at), micros(b.updated_at)
    if times[0] is not None and times[1] is not None and times[0] != times[1]:
        return times[1] > times[0]
    return b.pinned or not a.pinned
