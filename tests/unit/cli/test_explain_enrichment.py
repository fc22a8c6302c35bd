"""What `process --explain` says of an enriched entry."""

from datetime import UTC, datetime

from schemas import Change, Coverage, Entry, Status
from streams.cli.output.explain_enrichment import explain_enrichment
from streams.enrich import enrich

AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_each_thing_found_has_its_ground() -> None:
    """Names with their place, the place that was meant, the words around a figure, the reason of the urgency."""
    body = (
        "At least 12 people were killed in Hamburg on Monday. \u201cWe lost friends and neighbours,\u201d Angela "
        "Merkel said. Moscow said it would help."
    )
    entry = Entry(
        entry_id="e1", revision=1, change=Change.CREATED, status=Status.USABLE, coverage_id="c", source_id="s",
        received_at=AT, processed_at=AT, body_text=body, language="en",
    )  # fmt: skip

    said = "\n".join(explain_enrichment(enrich(entry, Coverage(id="c"))))

    assert 'person Angela Merkel: "Angela Merkel" at ' in said
    assert "place Hamburg: DE 53." in said
    assert '"Moscow" at ' in said
    assert "stands for a government" in said
    assert 'quote "We lost friends and neighbours": Angela Merkel' in said
    assert 'figure dead least 12: "At least 12" in "At least 12 people were killed' in said
    assert "urgency 2: figure: dead least 12" in said


def test_a_retraction_is_said_not_to_be_enriched() -> None:
    """There is nothing left to explain."""
    gone = Entry(
        entry_id="e1", revision=2, change=Change.RETRACTED, status=Status.CANCELED, coverage_id="c", source_id="s",
        received_at=AT, processed_at=AT,
    )  # fmt: skip

    assert list(explain_enrichment(gone)) == ["e1 not enriched: it is retracted"]
