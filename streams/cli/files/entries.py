"""Entries from a file, one a line, as `process` prints them."""

from collections.abc import Iterator
from typing import BinaryIO

import orjson
from pydantic import ValidationError

from schemas.entry import Entry
from streams.cli.output.errors import Failures


def read_entries(file: BinaryIO, failures: Failures) -> Iterator[Entry]:
    """Yield the entries of a file; a line that is not an entry is reported and left out."""
    name = getattr(file, "name", "-")
    name = "standard input" if name in {"-", "<stdin>"} else name
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            yield Entry.from_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"]))
            failures.add(f"{name}:{number}", f"no Entry: {f'{place}: ' if place else ''}{first['msg']}")
        except orjson.JSONDecodeError as error:
            failures.add(f"{name}:{number}", f"no Entry: not JSON ({error})")
