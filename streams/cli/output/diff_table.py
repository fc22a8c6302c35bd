"""What a generation would change, for a person: a table, then some entries of each kind with what is different."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from streams.generations.diff import Diff, Example

_TOLD: Final = {
    "only_live": "only in live: would go",
    "content": "other content",
    "clusters": "other reports of the same",
    "enrichment": "otherwise enriched",
    "same": "the same",
    "not_compared": "not compared: documents of these are not in it, or not yet",
}
_SHOWN_CHARS: Final = 100


def diff_lines(diff: Diff, name: str) -> Iterator[str]:
    """Yield the lines."""
    told: Mapping[str, str] = {**_TOLD, f"only_{name}": f"only in {name}: would come"}
    for kind, count in diff.counts.items():
        yield f"{count:>10,}  {told[kind]}"
    kind = ""
    for example in diff.examples:
        if example.kind != kind:
            kind = example.kind
            yield f"\n{told[kind]}, for example:"
        yield from _example(example, name)


def _example(example: Example, name: str) -> Iterator[str]:
    yield f"  {example.coverage_id} {example.source_id} {example.entry_id}  {_short(example.headline)}"
    for field, (before, after) in example.changes.items():
        yield f"    {field}"
        yield f"      live:  {_short(before)}"
        yield f"      {name}:  {_short(after)}"


def _short(value: Any) -> str:
    text = "-" if value is None else " ".join(str(value).split())
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 1]}\u2026"
