"""A generation's name, and what it is called in topics and groups; pure."""

import re
from typing import Final

from streams.exceptions import LivelineError
from streams.topology import LIVE, TOPICS, Names

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_TAKEN: Final = frozenset(
    {LIVE, "latest"} | {part for topic in TOPICS for part in (topic.role, topic.role.split(".")[0])}
)
"""`liveline.NAME.memory` would be a topic of these."""


class GenerationNameError(LivelineError):
    """It is no name of a generation; the message says what is one."""


def read_name(text: str) -> str:
    """Return the name of a generation beside the live one; raises `GenerationNameError`."""
    if not _NAME.fullmatch(text):
        raise GenerationNameError(f"{text!r} is no name; expected up to 40 letters, digits, - or _, such as new-rules")
    if text.lower() == LIVE:
        raise GenerationNameError(f"{text!r} is the generation under the plain names; expected another name")
    if text.lower() in _TAKEN:
        raise GenerationNameError(f"{text!r} is what a topic of Liveline's is for; expected another name")
    return text


def group_of(names: Names, application: str) -> str:
    """Return the consumer group of a generation; with a partition's number it is that one's transactional id.

    A name has no dot: the groups of two prefixes on one cluster never meet.
    """
    if names.generation == LIVE:
        return application
    own = "" if names.prefix == Names().prefix else f".{names.prefix.rstrip('.')}"
    return f"liveline-{names.generation}{own}"


def alerts_group_of(application: str) -> str:
    """Return the consumer group of the agent `alerts`, the same over all generations."""
    return f"{application}-alerts"
