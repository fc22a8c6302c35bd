"""The desk's forms: what they send, and how a forged one is known.

The cookie is SameSite=Strict and does not count for another origin; beside that each form holds a word that only
somebody who has the token can know. It is made of the token itself, so that any gateway can check it.
"""

import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from streams.gateway.desk.markup import Child, Html, element
from streams.gateway.http.body import read_bounded
from streams.gateway.http.problem import Problem

_PURPOSE: Final = b"liveline desk form"
_BACK: Final = re.compile(r"/desk(/alerts/[\w.-]{1,100})?(\?[\w=&%.+-]{0,500})?(#[\w.-]{1,100})?")


def form_word(token: str) -> str:
    """Return the word that forms of this token's pages hold."""
    return hmac.new(token.encode("utf-8", "surrogateescape"), _PURPOSE, sha256).hexdigest()


def form(word: str, back: str, fields: Mapping[str, str], *children: Child) -> Html:
    """Return a form that posts these fields, and leads back to a page of the desk."""
    hidden = {"word": word, "back": back, **fields}
    return element(
        "form",
        [element("input", type="hidden", name=name, value=value) for name, value in hidden.items()],
        *children,
        method="post",
        action="/desk",
    )


async def read_form(request: web.Request, token: str) -> Mapping[str, str]:
    """Return what a form sent; raises a 403 for one that no page of this token's holds."""
    body = await read_bounded(request)
    if request.content_type != "application/x-www-form-urlencoded":
        body = b""
    try:
        sent = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "the form can't be read") from error
    fields = {name: values[-1] for name, values in sent.items()}
    if not hmac.compare_digest(fields.get("word", "").encode("utf-8", "replace"), form_word(token).encode()):
        raise Problem(HTTPStatus.FORBIDDEN, "this form is of another session; open the desk again")
    return fields


def back_to(fields: Mapping[str, str]) -> str:
    """Return the page of the desk that a form leads back to; never another site's."""
    back = fields.get("back", "")
    return back if _BACK.fullmatch(back) else "/desk"
