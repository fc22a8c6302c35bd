"""Secrets that belong to what `liveline.yaml` lists: each in a variable of its own, or in a file that it names."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import SecretStr

Id = TypeVar("Id", bound=str)


def read_secrets(
    environ: Mapping[str, str], owner: str, ids: Iterable[Id], variable_of: Callable[[Id], str], secret: str
) -> tuple[dict[Id, SecretStr], list[str]]:
    """Return the secret of each that has one, and a line for each problem; no secret is ever in a line.

    `owner` and `secret` are what these are called in the lines, such as `source` and `token`.
    """
    found: dict[Id, SecretStr] = {}
    problems: list[str] = []
    owners: dict[str, Id] = {}
    for each in ids:
        name = variable_of(each)
        if other := owners.get(name):
            problems.append(f"{name}: means both {owner} {other!r} and {owner} {each!r}; rename one of them")
            continue
        owners[name] = each
        value, path = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
        if value and path:
            problems.append(f"{name}: set, and {name}_FILE as well; expected one of them")
            continue
        if path:
            try:
                with open(path, encoding="utf-8") as file:  # noqa: PTH123  (Path("") would be the working directory)
                    value = file.read().strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"{name}_FILE: cannot read {path!r} ({error}); expected a file with the {secret} in it")
                continue
            if not value:
                problems.append(f"{name}_FILE: {path!r} is empty; expected a file with the {secret} in it")
                continue
        if value:
            found[each] = SecretStr(value)
    return found, problems
