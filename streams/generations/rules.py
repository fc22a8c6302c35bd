"""What decides what documents lead to, as one hash: the same rules make the same entries; pure."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

import orjson

from schemas.newsroom import Newsroom

_OF_COVERAGE: Final = {"title", "public", "closed"}
"""Who may read it, and under what title, changes no entry."""
_OF_SOURCE: Final = {"url", "every"}
"""Neither does how its documents are fetched."""


def rules_hash(newsroom: Newsroom, bounds: Mapping[str, Any]) -> str:
    """Return a hash of the coverages and sources, as far as entries depend on them, and of bounds and thresholds.

    `bounds`: whatever else is set, with values that JSON can hold. The order of coverages and sources does not count.
    """
    coverages = []
    for coverage in newsroom.coverages:
        found = coverage.model_dump(mode="json", exclude=_OF_COVERAGE | {"sources"})
        sources = [source.model_dump(mode="json", exclude=_OF_SOURCE) for source in coverage.sources]
        coverages.append({**found, "sources": sorted(sources, key=lambda source: str(source["id"]))})
    coverages.sort(key=lambda coverage: str(coverage["id"]))
    told = orjson.dumps({"coverages": coverages, "bounds": bounds}, option=orjson.OPT_SORT_KEYS)
    return blake2b(told, digest_size=12).hexdigest()
