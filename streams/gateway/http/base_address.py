"""The address under which others reach the gateway: what absolute links begin with."""

import re
from http import HTTPStatus
from typing import Final

from aiohttp import web

from streams.gateway.http.problem import Problem

_HOST: Final = re.compile(r"[A-Za-z0-9._\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


def base_address(request: web.Request, public_url: str | None) -> str:
    """Return `LIVELINE_PUBLIC_URL`, else the address that was asked, without a slash at its end.

    Raises a 400 for a Host header that is no host.
    """
    if public_url:
        return public_url.rstrip("/")
    if not _HOST.fullmatch(request.host):
        raise Problem(HTTPStatus.BAD_REQUEST, "the Host header is no host, which links to the live page need")
    return f"{request.scheme}://{request.host}"
