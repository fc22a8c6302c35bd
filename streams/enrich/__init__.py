"""What is added to an entry from its own content: one file an enricher; pure."""

from streams.enrich.registry import Enrichment, enrich

__all__ = ["Enrichment", "enrich"]
