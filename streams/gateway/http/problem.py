"""RFC 9457 problem details: every error that the gateway answers with, in one form."""

from http import HTTPStatus
from typing import Final

import orjson
import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from streams.archive import ArchiveError, ArchiveLostError
from streams.gateway.http.cors import ANY_ORIGIN

_RETRY_AFTER_SECONDS: Final = "5"
MEDIA_TYPE: Final = "application/problem+json"


class Problem(Exception):  # noqa: N818  (RFC 9457's own word)
    """An error with its answer; `detail` tells a person what to do."""

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.close = False
        """The rest of the request was not read: the connection can't be used again."""

    @property
    def body(self) -> dict[str, str | int]:
        """The problem as RFC 9457 has it; its title is the status' own phrase."""
        return _body(self.status, self.detail)

    def response(self) -> web.Response:
        """Return the answer."""
        response = problem_response(self.status, self.detail, self.headers)
        if self.close:
            response.force_close()
        return response


def problem_response(status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> web.Response:
    """Return a problem whose title is the status' own phrase."""
    return web.Response(
        status=status.value,
        body=orjson.dumps(_body(status, detail)),
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **ANY_ORIGIN, **(headers or {})},
    )


def problems(log: structlog.stdlib.BoundLogger) -> Middleware:
    """Return the middleware that turns every error into a problem; an unforeseen error is logged and not described."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Problem as problem:
            return problem.response()
        except web.HTTPException as error:
            if error.status < HTTPStatus.BAD_REQUEST:
                raise
            status = HTTPStatus(error.status)
            # aiohttp's text only repeats the title; the methods are what a client needs.
            methods = error.headers.get("Allow") if isinstance(error, web.HTTPMethodNotAllowed) else None
            detail = f"{request.method} is not possible here; {methods} is" if methods else f"nothing at {request.path}"
            return problem_response(status, detail, {"Allow": methods} if methods else None)
        except ConnectionError:
            if request.transport is not None:
                raise
            # The client left before it was answered: an event of every day. aiohttp would log it as an error of ours.
            log.debug("http.client_left", route=_route(request))
            return web.Response()
        except ArchiveError as error:
            return _archive_failed(error, log)
        except (HttpProcessingError, web.RequestPayloadError) as error:
            # The body stopped being HTTP while it was read. The error quotes it; neither log nor answer does.
            log.debug("http.malformed_request", client=request.remote, kind=type(error).__name__)
            response = problem_response(HTTPStatus.BAD_REQUEST, "the request's body is not framed as HTTP/1.1 has it")
            response.force_close()
            return response
        except Exception:
            # The route, not the path nor the query: either may hold a token.
            log.exception("gateway.request_failed", method=request.method, route=_route(request))
            return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, "an error of ours; it is in the gateway's log")

    return middleware


def _archive_failed(error: ArchiveError, log: structlog.stdlib.BoundLogger) -> web.Response:
    if isinstance(error, ArchiveLostError):
        detail = "what is archived is being built anew; ask again later"
    else:
        log.warning("archive.failed", error=str(error))
        detail = "the archive can't be used now; ask again later"
    return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": _RETRY_AFTER_SECONDS})


def _body(status: HTTPStatus, detail: str) -> dict[str, str | int]:
    return {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "(none)"
