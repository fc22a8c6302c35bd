"""Why a revision was made, in a line for a person."""

from schemas.entry import Entry


def explain(entry: Entry) -> str:
    """Return what the revision did and what it was decided by."""
    said = [f"{entry.change.value} {entry.source_id}/{entry.source_post_id or entry.entry_id} r{entry.revision}"]
    if entry.changed_fields:
        said.append(f"changed: {', '.join(entry.changed_fields)}")
    if entry.duplicate_of:
        said.append(f"same news as {entry.duplicate_of}")
    for report in entry.sources:
        alike = f" ({report.similarity:.0%} alike)" if report.similarity is not None else ""
        said.append(f"also reported by {report.source_id}{alike}")
    if entry.time_basis:
        said.append(f"time: {entry.time_basis.value}")
    if entry.is_correction:
        said.append("says that it corrects")
    said += [f"enricher failed: {error}" for error in entry.enrichment_errors]
    return "; ".join(said)
