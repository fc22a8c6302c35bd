"""`/v1/alerts` and `/v1/mutes`: what was raised, and what editors do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from schemas.mute import AcknowledgementRecord, NewMute
from streams.archive.alerts.revision import AlertList
from streams.archive.state import Acknowledgement, SinkDelivery
from streams.gateway.alerts.choice import PARAMETERS, read_choice
from streams.gateway.alerts.desk_state import DeskState, record_of
from streams.gateway.alerts.view import AlertView, ids_of
from streams.gateway.auth.guard import ACCESS
from streams.gateway.http.answer import tagged
from streams.gateway.http.body import read_model
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.http.paging import PAGED, limit_of, next_link, place_of, whole_list
from streams.gateway.http.parameters import read_parameters

_UNCACHED: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class AlertsApi:
    """The routes' handlers."""

    view: AlertView
    state: DeskState
    known: KnownCoverages

    def handlers(self) -> Mapping[str, Handler]:
        """Return each route's handler by its name."""
        return {
            "alerts": self.list,
            "alert": self.show,
            "acknowledge": self.acknowledge,
            "takeBack": self.take_back,
            "mutes": self.mutes,
            "mute": self.mute,
            "unmute": self.unmute,
        }

    async def list(self, request: web.Request) -> web.Response:
        """Answer with alerts, each in its newest revision as it stands on the topic, and who saw to them."""
        query = read_parameters(request, PARAMETERS)
        limit, place = limit_of(request), place_of(request)
        archive = self.view.archive()
        choice = read_choice(query, request[ACCESS], self.known)
        found = AlertList([], None) if choice is None else await archive.alerts(choice, place, limit)
        body = b'{"alerts":[' + b",".join(found.values) + b"]"
        seen = await self.state.acknowledgements(ids_of(found.values))
        if seen:
            body += b',"acknowledgements":' + orjson.dumps({name: _acknowledged(each) for name, each in seen.items()})
        if found.next is None:
            return tagged(request, body + b"}")
        return tagged(request, body + f',"next":"{found.next}"}}'.encode(), next_link(request, found.next))

    async def show(self, request: web.Request) -> web.Response:
        """Answer with an alert's revisions, newest first, and what became of it."""
        read_parameters(request, ())
        alert_id = request.match_info["alert"]
        values = await self.view.revisions(request[ACCESS], alert_id)
        body = b'{"alert":' + values[0] + b',"revisions":[' + b",".join(values) + b"]"
        seen = (await self.state.acknowledgements([alert_id])).get(alert_id)
        if seen is not None:
            body += b',"acknowledgement":' + orjson.dumps(_acknowledged(seen))
        if deliveries := await self.state.deliveries(alert_id):
            body += b',"deliveries":' + orjson.dumps([_delivered(each) for each in deliveries])
        return tagged(request, body + b"}")

    async def acknowledge(self, request: web.Request) -> web.Response:
        """Note who acknowledged an alert; a repeated request is answered with the first acknowledgement."""
        read_parameters(request, ())
        return _json(_acknowledged(await self.state.acknowledge(request[ACCESS], request.match_info["alert"])))

    async def take_back(self, request: web.Request) -> web.Response:
        """Take an acknowledgement back."""
        read_parameters(request, ())
        await self.state.take_back(request[ACCESS], request.match_info["alert"])
        return web.Response(status=HTTPStatus.NO_CONTENT, headers=_UNCACHED)

    async def mutes(self, request: web.Request) -> web.Response:
        """Answer with what is muted now, the one that ends first at the front."""
        read_parameters(request, PAGED)
        self.view.archive()
        mutes = await self.state.mutes(request[ACCESS])
        return whole_list(request, "mutes", [record_of(mute).to_dict() for mute in mutes])

    async def mute(self, request: web.Request) -> web.Response:
        """Mute a coverage or a story until a time."""
        read_parameters(request, ())
        mute = record_of(await self.state.mute(request[ACCESS], await read_model(request, NewMute)))
        return _json(mute.to_dict(), HTTPStatus.CREATED, {"Location": f"/v1/mutes/{mute.id}"})

    async def unmute(self, request: web.Request) -> web.Response:
        """End a mute at once."""
        read_parameters(request, ())
        await self.state.unmute(request[ACCESS], request.match_info["mute"])
        return web.Response(status=HTTPStatus.NO_CONTENT, headers=_UNCACHED)


def _acknowledged(each: Acknowledgement) -> dict[str, Any]:
    return AcknowledgementRecord(alert_id=each.alert_id, at=each.at, by=each.by).to_dict()


def _delivered(each: SinkDelivery) -> dict[str, Any]:
    at = each.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    error = {"error": each.error} if each.error else {}
    return {"sink": each.sink, "revision": each.revision, "status": each.status.value, "at": at, **error}


def _json(
    body: Mapping[str, Any], status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> web.Response:
    return web.Response(
        status=status,
        body=orjson.dumps(body),
        content_type="application/json",
        headers={**_UNCACHED, **(headers or {})},
    )
