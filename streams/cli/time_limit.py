"""The time that a document has in `liveline parse` and `process`, which read no other setting."""

from schemas.newsroom import Newsroom
from streams.runtime.processor_time import ProcessorTimeLimit
from streams.settings import load_settings


def time_limit() -> ProcessorTimeLimit:
    """Return the limit that the environment says; raises `SettingsError` for one that can't be read."""
    return ProcessorTimeLimit(load_settings(Newsroom()).parse_timeout)
