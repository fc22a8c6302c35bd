"""What the scripts need to go on from the page as it was served: its place in the log, and its entries in short."""

from typing import Any, Final

import orjson

from schemas import Entry
from streams.gateway.page.content import Content
from streams.gateway.page.html import Html, data_block
from streams.gateway.page.pictures import Pictures

_KEPT: Final = (
    "entry_id", "revision", "status", "coverage_id", "source_id", "first_published_at", "published_at", "received_at",
    "processed_at", "headline", "key_event", "pinned", "breaking", "urgency", "kind", "language", "changed_fields",
    "is_correction", "duplicate_of",
)  # fmt: skip
IDENTIFIER: Final = "held"


def render_state(content: Content, pictures: Pictures) -> Html:
    """Return the data block that the scripts begin with."""
    return data_block(
        IDENTIFIER,
        "application/json",
        orjson.dumps(
            {
                "coverage": content.coverage,
                "title": content.title,
                "cursor": content.cursor,
                "query": content.choice.query,
                "earlier": content.choice.before is not None,
                "next": content.next,
                "pictures": list(pictures.hosts),
                "titles": {} if content.coverage else content.titles,
                "entries": [_short(entry) for entry in content.entries],
                "key_moments": [_short(entry) for entry in content.key_moments],
            }
        ),
    )


def _short(entry: Entry) -> dict[str, Any]:
    """Return an entry without its content, which stands on the page."""
    told = entry.to_dict()
    return {
        **{name: told[name] for name in _KEPT if name in told},
        "entities": [{"type": each.type.value, "name": each.name} for each in entry.entities],
        "places": [{"name": each.name} for each in entry.places],
        "figures": [{"kind": each.kind.value} for each in entry.figures],
        "sources": [{"source_id": each.source_id} for each in entry.sources],
    }
