"""A request's body as JSON, within a bound; what is wrong with it is a 400 that names it."""

from http import HTTPStatus
from typing import Any, Final, TypeVar

import orjson
from aiohttp import web
from pydantic import ValidationError

from schemas.model import Model
from streams.gateway.http.problem import Problem

_MOST_BODY_BYTES: Final = 64 * 1024
Body = TypeVar("Body", bound=Model)


async def read_bounded(request: web.Request) -> bytes:
    """Return the body; raises a 413 for one beyond the bound, of which no more is read."""
    data = b""
    async for chunk in request.content.iter_chunked(_MOST_BODY_BYTES):
        data += chunk
        if len(data) > _MOST_BODY_BYTES:
            problem = Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"expected at most {_MOST_BODY_BYTES:,} bytes")
            problem.close = True
            raise problem
    return data


async def read_object(request: web.Request) -> dict[str, Any]:
    """Return the body, which must be a JSON object."""
    data = await read_bounded(request)
    try:
        body = orjson.loads(data)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, f"the body is no JSON ({error}); expected an object") from error
    if not isinstance(body, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "the body is no JSON object")
    return body


async def read_model(request: web.Request, model: type[Body]) -> Body:
    """Return the body as a model."""
    body = await read_object(request)
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, _wrong(dict(error.errors(include_url=False)[0]), model)) from error


def _wrong(problem: dict[str, Any], model: type[Model]) -> str:
    name = ".".join(str(part) for part in problem["loc"][:2])[:100]
    if problem["type"] == "extra_forbidden":
        return f"{name!r} is unknown; expected one of {', '.join(model.model_fields)}"
    message = problem["msg"].removeprefix("Value error, ")
    said = f"{message[:1].lower()}{message[1:]}"
    return f"{name}: {said}" if name else said
