"""A row of the table of routes."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from schemas.model import Model
from streams.gateway.auth.guard import Who

_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Route:
    """A row: a method and a path, and what stands around the handler."""

    name: str
    """The handler's name, and the operation's in OpenAPI."""
    method: str
    path: str
    who: Who
    summary: str
    parameters: frozenset[str] | None = _NONE
    """Of the query string, beside `access_token`; None: unknown ones are ignored."""
    page: bool = False
    """For people: a token in the address becomes a cookie."""
    open: bool = False
    """Pages of other origins may read it."""
    endless: bool = False
    """A stream: no HEAD."""
    answer: type[Model] | None = None
    """What a success holds, as JSON."""
    body: type[Model] | None = None
    """What the request holds, as JSON; None: nothing, or what `describe` has written out."""
    media_type: str = "application/json"
    """Of a success."""
    status: HTTPStatus = HTTPStatus.OK
    """Of a success."""
    problems: frozenset[int] = frozenset()
    """Statuses of refusals, beside those that follow from the rest of the row."""
    own_judge: bool = False
    """The handler asks who may by itself: a WebSocket says by its close code that a token is bad."""
    optional: bool = False
    """Absent where the process has no handler for it."""

    @property
    def is_socket(self) -> bool:
        """Whether it becomes a WebSocket."""
        return self.status is HTTPStatus.SWITCHING_PROTOCOLS

    @property
    def tagged(self) -> bool:
        """Whether its answers have an ETag."""
        return self.method == "GET" and self.answer is not None and self.who.reads_tokens
