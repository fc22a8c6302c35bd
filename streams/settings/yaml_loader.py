"""YAML as newsrooms write it: `on`, `off`, `yes` and `NO` are words and `23:00` is a time, as in YAML 1.2."""

import re
from typing import Final

import yaml

_OF_YAML_1_1: Final = {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:int"}


_RESOLVERS: Final = (
    ("tag:yaml.org,2002:bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    ("tag:yaml.org,2002:int", re.compile(r"(?:[-+]?[0-9]+)$"), "-+0123456789"),
)


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    found = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OF_YAML_1_1]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    for tag, pattern, letters in _RESOLVERS:
        for letter in letters:
            found[letter] = [(tag, pattern), *found.get(letter, [])]
    return found


class Loader(yaml.SafeLoader):
    """PyYAML's safe loader with the booleans and integers of YAML 1.2."""

    yaml_implicit_resolvers = _resolvers()
