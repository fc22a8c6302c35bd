"""What is added to an entry from its own content: one file an enricher; pure."""

from streams.enrich.registry import Bound, Enrichment, Watch, enrich, unwatched

__all__ = ["Bound", "Enrichment", "Watch", "enrich", "unwatched"]
