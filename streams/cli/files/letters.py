"""A dead letter as a line of JSON: its document in the form that `.jsonl` files have, so that it can be run again."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import orjson

from schemas.dead_letter import DeadLetter, Stage
from schemas.document import Document


def letter_line(letter: DeadLetter) -> bytes:
    """Return the line with its line break; a body that is no text stands in `body_base64`."""
    found: dict[str, Any] = letter.model_dump(mode="json", exclude={"document": {"body"}})
    body = letter.document.body
    try:
        found["document"]["body"] = body.decode()
    except UnicodeDecodeError:
        found["document"]["body_base64"] = b64encode(body).decode()
    return orjson.dumps(found, option=orjson.OPT_APPEND_NEWLINE)


def failed(document: Document, error: Exception) -> DeadLetter:
    """Return the letter of a document that met an exception outside the pipeline's own guard."""
    told = f"{type(error).__name__} in Liveline, not your input: {error}"
    return DeadLetter(document=document, stage=Stage.DEDUPLICATE, error=told, failed_at=datetime.now(UTC))
