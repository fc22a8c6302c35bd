"""The model of English names, loaded once a process; tools/enrich/train.py makes it."""

from functools import cache
from importlib.resources import as_file, files

import pycrfsuite

from streams.enrich.entities.tag import Tagger


@cache
def tagger() -> Tagger:
    """Return the model, ready to tag."""
    opened = pycrfsuite.Tagger()
    with as_file(files(__package__) / "data" / "english.crfsuite") as path:
        opened.open(str(path))
    model: Tagger = opened
    return model
