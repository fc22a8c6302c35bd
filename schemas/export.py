"""JSON Schemas of the public models, as they are exported into `schemas/exported/`."""

from collections.abc import Iterable
from typing import Any, Final

import orjson
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from schemas.alert import Alert
from schemas.dead_letter import DeadLetter
from schemas.document import Document
from schemas.entry import Entry
from schemas.model import Model
from schemas.newsroom import Newsroom
from schemas.post import Post

# What we write is described as it is written, what we read as it may be.
PUBLIC: Final[dict[type[Model], JsonSchemaMode]] = {
    Post: "validation",
    Entry: "serialization",
    Alert: "serialization",
    Document: "validation",
    DeadLetter: "serialization",
    Newsroom: "validation",
}


class _Written(GenerateJsonSchema):
    """What we write never holds null: absent is left out."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        return {name: value for name, value in found.items() if (name, value) != ("default", None)}


def json_schema(model: type[Model]) -> dict[str, Any]:
    """Return a public model's JSON Schema (2020-12)."""
    mode = PUBLIC[model]
    generator = _Written if mode == "serialization" else GenerateJsonSchema
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **model.model_json_schema(mode=mode, schema_generator=generator),
    }


def definitions(models: Iterable[type[Model]], template: str) -> dict[str, Any]:
    """Return what some models, and those in them, look like as they are written; `template` names `{model}`."""
    inputs: list[tuple[type[Model], JsonSchemaMode]] = [(model, "serialization") for model in models]
    _, found = models_json_schema(inputs, ref_template=template, schema_generator=_Written)
    defined: dict[str, Any] = found["$defs"]
    return defined


def exported() -> dict[str, bytes]:
    """Return each file's name and content."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return {f"{_file_name(model)}.json": orjson.dumps(json_schema(model), option=options) for model in PUBLIC}


def _file_name(model: type[Model]) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in model.__name__).removeprefix("-")
