"""The exported JSON Schemas."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas import Change, Entry, Kind, Media, MediaType, Post, SourceReport, Status
from schemas.export import PUBLIC, exported, json_schema

FOLDER = Path(__file__).parents[3] / "schemas" / "exported"
AT = datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_what_is_committed_is_what_the_models_say() -> None:
    """Who changes a model runs `liveline schema export`."""
    assert {path.name: path.read_bytes() for path in FOLDER.glob("*.json")} == exported()


@pytest.mark.parametrize("model", PUBLIC, ids=lambda model: model.__name__)
def test_each_is_a_valid_schema_with_a_description(model: type) -> None:
    """The files are JSON Schema 2020-12, and say what they describe."""
    schema = json_schema(model)

    Draft202012Validator.check_schema(schema)
    assert schema["description"]


def test_an_entry_as_written_is_valid_and_null_is_not() -> None:
    """Absent is left out: a consumer need not reckon with null."""
    entry = Entry(
        entry_id="e1",
        revision=1,
        change=Change.CREATED,
        status=Status.USABLE,
        coverage_id="harbour-fire",
        source_id="evening-post",
        received_at=AT,
        processed_at=AT,
        headline="Fire",
        kind=Kind.POST,
        media=(Media(type=MediaType.IMAGE, caption="The quay"),),
        sources=(SourceReport(source_id="coast-wire", entry_id="e2", similarity=0.9),),
    )
    validator = Draft202012Validator(json_schema(Entry))
    written = json.loads(entry.to_json())

    validator.validate(written)
    assert not validator.is_valid(written | {"body_text": None})
    assert not validator.is_valid({name: value for name, value in written.items() if name != "revision"})


def test_a_pushed_post_may_leave_everything_open_but_not_the_types() -> None:
    """What a producer pushes is checked as leniently as the parser reads it."""
    validator = Draft202012Validator(json_schema(Post))

    assert validator.is_valid({"headline": "Fire", "mood": "grim", "summary": None})
    assert not validator.is_valid({"headline": 4})
