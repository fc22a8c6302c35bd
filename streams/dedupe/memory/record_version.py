"""The first byte of every record of `liveline.memory`: the version of its layout.

A layout may grow without a new version: what is added at the end of a JSON list has a default where it is missing. A
new version is for what an older Liveline would misread.
"""

from typing import Final

from streams.exceptions import NewerMemoryError

RECORD_VERSION: Final = 1
VERSION_BYTE: Final = bytes((RECORD_VERSION,))


def check_version(value: bytes) -> None:
    """Raise `NewerMemoryError` when a record is of a version that this Liveline does not know."""
    if value[:1] != VERSION_BYTE:
        found = value[0] if value else "missing"
        raise NewerMemoryError(
            f"the version of a record on the memory topic is {found}, this Liveline knows {RECORD_VERSION}: a newer "
            "one has worked here. Run that version again, or a later one; this one would publish old entries as new"
        )
