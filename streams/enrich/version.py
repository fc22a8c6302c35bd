"""The version of the enrichers and their data: a hash of all that decides what they find."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

_ROOMS = ("streams.enrich", "streams.stories", "streams.text")
# Their releases carry models or decide what ours says; other libraries don't.
_LIBRARIES = ("py3langid", "python-crfsuite")
_HEX_DIGITS = 12


@cache
def enricher_version(*others: str) -> str:
    """Return the version: two workers that say the same one find the same in the same entry.

    `others` are models that are used instead of our own.
    """
    digest = sha256()
    for room in _ROOMS:
        for name, file in sorted(_files(files(room), room)):
            digest.update(f"{name}\0".encode())
            digest.update(sha256(file.read_bytes()).digest())
    for library in _LIBRARIES:
        digest.update(f"{library}\0{version(library)}\0".encode())
    for other in others:
        digest.update(f"{other}\0".encode())
    return digest.hexdigest()[:_HEX_DIGITS]


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_dir():
            if item.name != "__pycache__":
                yield from _files(item, f"{path}/{item.name}")
        elif not item.name.endswith((".pyc", ".typed")):
            yield f"{path}/{item.name}", item
