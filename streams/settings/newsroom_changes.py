"""What one `liveline.yaml` says otherwise than another, by the ids of what differs."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel

from schemas.newsroom import Newsroom

Part = TypeVar("Part", bound=BaseModel)


def newsroom_changes(before: Newsroom, after: Newsroom) -> dict[str, list[str]]:
    """Return the ids of what was added, removed and changed, such as `sources_added`; what is empty is left out.

    A coverage has changed if anything but its sources has, a source also if it belongs to another coverage.
    """
    kinds = (
        ("coverages", _coverages(before), _coverages(after)),
        ("sources", _sources(before), _sources(after)),
        ("alerts", _by_id(before.alerts), _by_id(after.alerts)),
        ("sinks", _by_id(before.sinks), _by_id(after.sinks)),
        ("webhooks", _by_id(before.webhooks), _by_id(after.webhooks)),
    )
    found = {}
    for kind, old, new in kinds:
        found[f"{kind}_added"] = sorted(new.keys() - old.keys())
        found[f"{kind}_removed"] = sorted(old.keys() - new.keys())
        found[f"{kind}_changed"] = sorted(each for each in old.keys() & new.keys() if old[each] != new[each])
    return {name: ids for name, ids in found.items() if ids}


def _coverages(newsroom: Newsroom) -> Mapping[str, object]:
    return {each.id: each.model_copy(update={"sources": ()}) for each in newsroom.coverages}


def _sources(newsroom: Newsroom) -> Mapping[str, object]:
    return {source.id: (coverage.id, source) for coverage in newsroom.coverages for source in coverage.sources}


def _by_id(parts: Sequence[Part]) -> Mapping[str, object]:
    return {str(part.model_dump()["id"]): part for part in parts}
