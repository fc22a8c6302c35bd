"""A dead letter as a line of JSON: its document in the form that `.jsonl` files have, so that it can be run again."""

from typing import Any

import orjson

from schemas.dead_letter import DeadLetter
from streams.replay.source import body_fields


def letter_line(letter: DeadLetter) -> bytes:
    """Return the line with its line break; a body that a string would not bring back stands in `body_base64`."""
    found: dict[str, Any] = letter.model_dump(mode="json", exclude={"document": {"body"}})
    found["document"].update(body_fields(letter.document.body, letter.document.content_type))
    return orjson.dumps(found, option=orjson.OPT_APPEND_NEWLINE)
