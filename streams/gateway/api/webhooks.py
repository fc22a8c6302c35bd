"""`/v1/webhooks`: who is sent what, managed by administrators; `liveline deliver` does the sending."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from schemas.webhook import NewWebhook, WebhookPatch, WebhookStatus
from streams.archive.state import Deliveries, StoredWebhook, Webhooks
from streams.archive.state.webhooks import rotated
from streams.gateway.api.open_state import OpenState
from streams.gateway.delivery.filters import FilterError
from streams.gateway.http.body import read_model, read_object
from streams.gateway.http.paging import PAGED
from streams.gateway.http.parameters import read_parameters
from streams.gateway.http.problem import Problem
from streams.ingest.polling.internal_address import InternalAddressError, check_host
from streams.runtime.clock import Clock
from streams.webhooks.filters import filter_of
from streams.webhooks.messages import trial_message
from streams.webhooks.secrets import new_secret

_OLD_SECRET_KEPT: Final = timedelta(hours=24)
_PAGE: Final = 50
_LONGEST_PAGE: Final = 200
_MOST_WEBHOOKS: Final = 200


@dataclass(frozen=True, slots=True)
class WebhooksApi:
    """The routes' handlers."""

    state: OpenState
    clock: Clock
    internal: bool
    """Whether internal addresses may be given."""

    def handlers(self) -> Mapping[str, Handler]:
        """Return each route's handler by its name."""
        return {
            "webhooks": self.list,
            "createWebhook": self.create,
            "webhook": self.show,
            "changeWebhook": self.change,
            "deleteWebhook": self.delete,
            "rotateWebhook": self.rotate,
            "testWebhook": self.test,
            "recoverWebhook": self.recover,
            "webhookDeliveries": self.deliveries,
        }

    async def list(self, request: web.Request) -> web.Response:
        """Return the webhooks, oldest first, a page of them."""
        query = read_parameters(request, PAGED)
        limit, after = _limit(query), _one(query, "cursor")
        found = await self._webhooks(Webhooks.all)
        start = next(
            (number + 1 for number, each in enumerate(found) if each.id == after), 0 if after is None else None
        )
        if start is None:
            raise Problem(HTTPStatus.BAD_REQUEST, "cursor is no webhook; expected what `next` said")
        page = found[start : start + limit]
        body: dict[str, Any] = {"webhooks": [each.shown().to_dict() for each in page]}
        if len(found) > start + limit:
            body["next"] = page[-1].id
        return _json(body)

    async def create(self, request: web.Request) -> web.Response:
        """Make a webhook; the answer shows its secret, this once."""
        read_parameters(request, ())
        wanted = await read_model(request, NewWebhook)
        self._check(wanted.url, wanted.filter)
        if len(await self._webhooks(Webhooks.all)) >= _MOST_WEBHOOKS:
            raise Problem(HTTPStatus.CONFLICT, f"there are {_MOST_WEBHOOKS} webhooks already; delete one")
        now = self.clock()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # as it is kept, and shown from then on
        webhook = StoredWebhook(
            id=f"wh_{uuid4().hex}", url=wanted.url, filter=wanted.filter, events=_events(wanted.events),
            description=wanted.description, created_at=now, since=now, secret=new_secret(),
        )  # fmt: skip
        await self._webhooks(Webhooks.add, webhook)
        headers = {"Location": f"/v1/webhooks/{webhook.id}"}
        return _json(webhook.shown(secret=webhook.secret).to_dict(), HTTPStatus.CREATED, headers)

    async def show(self, request: web.Request) -> web.Response:
        """Return a webhook."""
        read_parameters(request, ())
        return _json((await self._webhook(request)).shown().to_dict())

    async def change(self, request: web.Request) -> web.Response:
        """Change what the body names; one that is made active tries anew what waits."""
        read_parameters(request, ())
        webhook = await self._own(request)
        patch = await read_model(request, WebhookPatch)
        self._check(patch.url or webhook.url, patch.filter if patch.filter is not None else webhook.filter)
        given = {name: getattr(patch, name) for name in patch.model_fields_set}
        if missing := sorted(name for name, value in given.items() if value is None and name != "description"):
            raise Problem(HTTPStatus.BAD_REQUEST, f"{missing[0]}: found null; leave it out to keep what it is")
        if "events" in given:
            given["events"] = _events(given["events"])
        begins_again = given.get("status") is WebhookStatus.ACTIVE and not webhook.active
        if "status" in given:
            given["disabled_reason"] = None if given["status"] is WebhookStatus.ACTIVE else "by an administrator"
        changed = replace(webhook, **given)
        if not await self._webhooks(Webhooks.change, changed, begin_again=self.clock() if begins_again else None):
            raise _unknown(request)
        return _json(changed.shown().to_dict())

    async def delete(self, request: web.Request) -> web.Response:
        """Forget a webhook with its deliveries."""
        read_parameters(request, ())
        await self._own(request)
        await self._webhooks(Webhooks.remove, request.match_info["id"])
        return web.Response(status=HTTPStatus.NO_CONTENT, headers=_UNCACHED)

    async def rotate(self, request: web.Request) -> web.Response:
        """Give a webhook a new secret; the old one signs along for a day."""
        read_parameters(request, ())
        webhook = await self._own(request)
        changed = rotated(webhook, new_secret(), self.clock() + _OLD_SECRET_KEPT)
        if not await self._webhooks(Webhooks.change, changed):
            raise _unknown(request)
        return _json(changed.shown(secret=changed.secret).to_dict())

    async def test(self, request: web.Request) -> web.Response:
        """Queue a message that says nothing, to see whether it arrives."""
        read_parameters(request, ())
        webhook = await self._webhook(request)
        if not webhook.active:
            raise Problem(HTTPStatus.CONFLICT, f"{webhook.id} is disabled ({webhook.disabled_reason})")
        now = self.clock()
        message = trial_message(webhook.id, now)
        await self._deliveries(Deliveries.queue, webhook.id, message, now)
        return _json({"webhook_id": webhook.id, "message_id": message.message_id}, HTTPStatus.ACCEPTED)

    async def recover(self, request: web.Request) -> web.Response:
        """Have everything that is due since a time delivered again, under the same ids."""
        read_parameters(request, ())
        webhook = await self._webhook(request)
        since = _since(await read_object(request), self.clock())
        if not await self._webhooks(Webhooks.recover, webhook.id, since):
            raise _unknown(request)
        found = await self._webhook(request)
        return _json(found.shown().to_dict(), HTTPStatus.ACCEPTED)

    async def deliveries(self, request: web.Request) -> web.Response:
        """Return what became of a webhook's deliveries, newest first, a page of them."""
        query = read_parameters(request, PAGED)
        limit, before = _limit(query), _one(query, "cursor")
        if before is not None and not (before.isascii() and before.isdecimal() and len(before) <= 18):  # noqa: PLR2004
            raise Problem(HTTPStatus.BAD_REQUEST, "cursor is no place in the log; expected what `next` said")
        webhook = await self._webhook(request)
        page, following = await self._deliveries(Deliveries.page, webhook.id, int(before) if before else None, limit)
        body: dict[str, Any] = {"deliveries": [each.to_dict() for each in page]}
        if following is not None:
            body["next"] = str(following)
        return _json(body)

    async def _webhooks(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.state.ask(lambda state: work(Webhooks(state), *args, **kwargs))

    async def _deliveries(self, work: Callable[..., Any], *args: Any) -> Any:
        return await self.state.ask(lambda state: work(Deliveries(state), *args))

    async def _webhook(self, request: web.Request) -> StoredWebhook:
        found: StoredWebhook | None = await self._webhooks(Webhooks.get, request.match_info["id"])
        if found is None:
            raise _unknown(request)
        return found

    async def _own(self, request: web.Request) -> StoredWebhook:
        """Return a webhook that may be changed here."""
        webhook = await self._webhook(request)
        if webhook.fixed:
            raise Problem(HTTPStatus.CONFLICT, f"{webhook.id} stands in liveline.yaml and is changed there")
        return webhook

    def _check(self, url: str, values: Mapping[str, Any]) -> None:
        """Refuse an address that nothing can be posted to, and a filter that means nothing."""
        try:
            host = URL(url).host
            if not host:
                raise Problem(HTTPStatus.BAD_REQUEST, "url: expected http:// or https:// and a host")
            if not self.internal:
                check_host(host, setting="LIVELINE_WEBHOOK_INTERNAL")
            filter_of(values)
        except InternalAddressError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, f"url: {error}") from error
        except FilterError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, f"filter: {error}") from error
        except ValueError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, "url: not an address; expected http:// or https://") from error


_UNCACHED: Final = {"Cache-Control": "no-store"}


def _json(
    body: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        status=status,
        body=orjson.dumps(body),
        content_type="application/json",
        headers={**_UNCACHED, **(headers or {})},
    )


def _unknown(request: web.Request) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, f"no webhook {request.match_info['id'][:100]!r}")


def _since(body: Mapping[str, Any], now: datetime) -> datetime:
    if unknown := sorted(set(body) - {"since"}):
        raise Problem(HTTPStatus.BAD_REQUEST, f"{unknown[0][:100]!r} is unknown; expected since")
    value = body.get("since")
    try:
        since = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        since = None
    if since is None or since.tzinfo is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "since: expected a time with its zone, such as 2026-01-01T12:00:00Z")
    if since > now:
        raise Problem(HTTPStatus.BAD_REQUEST, "since: found a time to come; expected one that is over")
    return since


def _events(events: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(events))


def _one(query: Mapping[str, list[str]], name: str) -> str | None:
    values = query.get(name, [])
    if len(values) > 1:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is given twice; expected one value")
    return values[0] if values else None


def _limit(query: Mapping[str, list[str]]) -> int:
    value = _one(query, "limit")
    if value is None:
        return _PAGE
    if not (value.isascii() and value.isdecimal() and 1 <= int(value[:4]) <= _LONGEST_PAGE and len(value) < 4):  # noqa: PLR2004
        raise Problem(HTTPStatus.BAD_REQUEST, f"limit: expected a number from 1 to {_LONGEST_PAGE}")
    return int(value)
