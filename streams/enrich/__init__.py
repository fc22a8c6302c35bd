"""What is added to an entry from its own content: one file an enricher; pure."""

from streams.enrich.registry import Enrichment, Watch, enrich, unwatched

__all__ = ["Enrichment", "Watch", "enrich", "unwatched"]
