"""Which keys `liveline.yaml` knows where, so that a wrong one is answered with the nearest right one."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel

from schemas.newsroom import Newsroom

_REFERENCE: Final = "see docs/configuration.md"


def advice(place: tuple[str | int, ...]) -> str:
    """Return what to do about an unknown key."""
    *outer, wrong = place
    model: type[BaseModel] | None = Newsroom
    for part in outer:
        if model is not None and not isinstance(part, int):
            model = _model(model, part)
    known = [field.alias or name for name, field in model.model_fields.items()] if model else []
    near = get_close_matches(str(wrong), known, n=1)
    return f"did you mean {near[0]}? ({_REFERENCE})" if near else _REFERENCE


def nearest(value: str, choices: str) -> str:
    """Return the nearest of pydantic's list of choices, as a question."""
    near = get_close_matches(value, [choice.strip(" '") for choice in choices.replace(" or ", ",").split(",")], n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _model(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    found = next((f for name, f in model.model_fields.items() if key in {name, f.alias}), None)
    return next(iter(_models(found.annotation)), None) if found else None


def _models(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
