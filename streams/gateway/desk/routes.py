"""`/desk`: its pages, its forms and its files."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from schemas.alert import Alert
from schemas.mute import NewMute
from schemas.newsroom import Newsroom
from streams.archive.alerts.revision import OVER, AlertQuery
from streams.gateway.alerts.desk_state import DeskState
from streams.gateway.alerts.view import AlertView, ids_of
from streams.gateway.api.sources import Sources
from streams.gateway.auth.access import Access
from streams.gateway.auth.bearer import presented
from streams.gateway.auth.guard import ACCESS, Guard
from streams.gateway.desk.alert_card import MUTED_FOR, Surroundings, alert_card, history, standing_mutes
from streams.gateway.desk.alerts_page import choices, page_links
from streams.gateway.desk.dry_run import DryRuns
from streams.gateway.desk.forms import back_to, form_word, read_form
from streams.gateway.desk.layout import answer
from streams.gateway.desk.markup import element, joined
from streams.gateway.desk.rules_page import rules_page
from streams.gateway.desk.sources_page import sources_page
from streams.gateway.desk.words import CHANGES
from streams.gateway.http.problem import Problem
from streams.runtime.clock import Clock

if TYPE_CHECKING:
    from streams.archive.state import Mute

_PAGE: Final = 50
_TYPES: Final = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Desk:
    """The routes' handlers."""

    view: AlertView
    state: DeskState
    sources: Sources
    newsroom: Newsroom
    guard: Guard
    clock: Clock
    dry_runs: DryRuns
    files: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, view: AlertView, state: DeskState, sources: Sources, newsroom: Newsroom, guard: Guard, clock: Clock
    ) -> "Desk":
        """Return the desk with the files that lie beside this module."""
        found = {}
        for each in files("streams.gateway.desk").iterdir():
            media_type = _TYPES.get("." + each.name.rpartition(".")[2])
            if media_type:
                found[each.name] = (each.read_bytes(), media_type)
        return cls(view, state, sources, newsroom, guard, clock, DryRuns(newsroom, asyncio.Lock()), found)

    def handlers(self) -> Mapping[str, Handler]:
        """Return each route's handler by its name."""
        return {
            "desk": self.alerts,
            "deskAlert": self.alert,
            "deskRules": self.rules,
            "deskSources": self.sources_and_sinks,
            "deskAct": self.act,
            "deskFile": self.file,
        }

    async def alerts(self, request: web.Request) -> web.Response:
        """Answer with alerts, newest first."""
        access = request[ACCESS]
        archive = self.view.archive()
        # The place before the list is read: what comes in between is in both, and nothing is in neither.
        cursor = self.view.feed.cursor(self.view.feed.position)
        chosen = request.query.get("coverage")
        standing = request.query.get("show") == "standing"
        before = request.query.get("before", "")
        query = AlertQuery(
            coverages=self.state.known.allow(access, [chosen] if chosen else []),
            changes=frozenset(set(CHANGES) - OVER) if standing else (),
        )
        found = await archive.alerts(query, int(before) if before.isdecimal() and len(before) < 18 else None, _PAGE)  # noqa: PLR2004
        back = f"/desk?{request.query_string}" if request.query_string else "/desk"
        around = await self._around(request, back, ids_of(found.values))
        cards = [alert_card(Alert.from_json(value), around) for value in found.values]
        nothing = element(
            "div",
            element("p", "Nothing to see to", class_="empty-title"),
            element("p", "Leave this page open. What the rules find appears here the moment it is raised."),
            class_="empty",
        )
        main = joined(
            choices(chosen, {name: around.title(name) for name in self._coverages(access)}, standing=standing),
            element("ol", cards, id="alerts", class_="alerts")
            if cards
            else element("ol", id="alerts", class_="alerts"),
            nothing if not cards else None,
            page_links(request.query, found.next),
            standing_mutes(around.mutes, around, self.clock()),
        )
        return answer("/desk", "Alerts", main, cursor=None if before else cursor)

    async def alert(self, request: web.Request) -> web.Response:
        """Answer with one alert and all it did."""
        alert_id = request.match_info["alert"]
        values = await self.view.revisions(request[ACCESS], alert_id)
        around = await self._around(request, f"/desk/alerts/{alert_id}", [alert_id])
        revisions = [Alert.from_json(value) for value in values]
        main = joined(
            element("p", element("a", "All alerts", href="/desk"), class_="back"),
            alert_card(revisions[0], around, alone=True),
            history(revisions, await self.state.deliveries(alert_id)),
        )
        return answer("/desk", "Alert", element("div", main, class_="one"))

    async def rules(self, request: web.Request) -> web.Response:
        """Answer with the rules; with `try`, one is run over the last day."""
        access = request[ACCESS]
        firings = {each.rule_id: each for each in await self.view.archive().firings(access.coverages)}
        tried = None
        wanted = request.query.get("try")
        if wanted is not None:
            rule = next((rule for rule in self.newsroom.alerts if rule.id == wanted), None)
            if rule is None:
                raise Problem(HTTPStatus.NOT_FOUND, f"no rule {wanted[:100]!r}")
            tried = (wanted, await self.dry_runs.run(rule, self.sources.rest.archive(), access, self.clock()))
        return answer("/desk/rules", "Rules", rules_page(self.newsroom.alerts, firings, tried))

    async def sources_and_sinks(self, request: web.Request) -> web.Response:
        """Answer with the freshness of the sources that may be read, and with the sinks that failed."""
        access = request[ACCESS]
        told = await self.sources.told(self.sources.rest.archive())
        now = self.clock()
        try:
            sinks = await self.state.failed_sinks(now - timedelta(days=1))
        except Problem:
            sinks = None
        seen = [each for each in told if access.may_read(each["coverage"])]
        main = sources_page(seen, sinks, self._titles(), now)
        return answer("/desk/sources", "Sources and sinks", main)

    async def act(self, request: web.Request) -> web.Response:
        """Do what a form asks for, and lead back to its page."""
        access = request[ACCESS]
        fields = await read_form(request, self._token(request))
        match fields.get("do"):
            case "acknowledge":
                await self.state.acknowledge(access, fields.get("alert", ""))
            case "take-back":
                await self.state.take_back(access, fields.get("alert", ""))
            case "mute":
                await self.state.mute(access, self._new_mute(fields))
            case "unmute":
                await self.state.unmute(access, fields.get("mute", ""))
            case _:
                raise Problem(HTTPStatus.BAD_REQUEST, "do: expected acknowledge, take-back, mute or unmute")
        headers = {"Location": back_to(fields), "Cache-Control": "no-store"}
        return web.Response(status=HTTPStatus.SEE_OTHER, headers=headers)

    async def file(self, request: web.Request) -> web.Response:
        """Answer with the desk's style or script."""
        found = self.files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        body, media_type = found
        etag = sha256(body).hexdigest()[:20]
        headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if any(tag.value == etag for tag in request.if_none_match or ()):
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        return web.Response(body=body, content_type=media_type, charset="utf-8", headers=headers)

    async def _around(self, request: web.Request, back: str, alert_ids: list[str]) -> Surroundings:
        seen = await self.state.acknowledgements(alert_ids)
        mutes: list[Mute] = []
        with contextlib.suppress(Problem):  # alerts go before what the state database knows of them
            mutes = await self.state.mutes(request[ACCESS])
        return Surroundings(form_word(self._token(request)), back, self._titles(), seen, mutes)

    def _token(self, request: web.Request) -> str:
        found = presented(request, self.guard.origins)
        if found is None:
            raise Problem(HTTPStatus.UNAUTHORIZED, "a token is needed here")
        return found.token

    def _new_mute(self, fields: Mapping[str, str]) -> NewMute:
        kind, _, subject = fields.get("what", "").partition(":")
        minutes = fields.get("minutes", "")
        if kind not in ("coverage", "story") or not subject or minutes not in MUTED_FOR:
            raise Problem(HTTPStatus.BAD_REQUEST, "expected what is to be muted, and for how long")
        until = self.clock() + timedelta(minutes=int(minutes))
        return NewMute(coverage=subject, until=until) if kind == "coverage" else NewMute(story=subject, until=until)

    def _titles(self) -> Mapping[str, str]:
        return {coverage.id: coverage.title for coverage in self.newsroom.coverages if coverage.title}

    def _coverages(self, access: Access) -> list[str]:
        return [coverage.id for coverage in self.newsroom.coverages if access.may_read(coverage.id)]
