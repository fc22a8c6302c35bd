"""What is added to an entry from its own content: one file an enricher; pure."""

from streams.enrich.registry import Bound, Enricher, Enrichment, Watch, enrich, unwatched

__all__ = ["Bound", "Enricher", "Enrichment", "Watch", "enrich", "unwatched"]
