"""Every route of the gateway in one table: method, path, who may, and its parameters.

The composition root gives each row its handler by name; documentation, OpenAPI and tests read the same table.
"""

from http import HTTPStatus
from typing import Final

from schemas.entry import Entry
from schemas.mute import AcknowledgementRecord, MuteRecord, NewMute
from streams.gateway.alerts import choice
from streams.gateway.alerts import stream as alert_stream
from streams.gateway.api import dead_letters, rest, search
from streams.gateway.auth.guard import Who
from streams.gateway.describe.answers import (
    Accepted,
    AlertHistory,
    AlertList,
    CoverageList,
    CoverageSummary,
    DeadLetterList,
    EntryList,
    Health,
    MuteList,
    RevisionList,
    SourceList,
)
from streams.gateway.figures import routes as figures
from streams.gateway.http.paging import PAGED
from streams.gateway.route import Route
from streams.gateway.transports.sse import replay_route
from streams.gateway.transports.sse import route as stream
from streams.ingest.websub.subscriber import PATH as _WEBSUB

ROUTES: Final[tuple[Route, ...]] = (
    Route("push", "POST", "/v1/sources/{source}/documents", Who.SOURCE, "Push a document of a source.",
        answer=Accepted, status=HTTPStatus.ACCEPTED, problems=frozenset({403, 404, 408, 413, 415, 422}),
    ),
    Route(
        "stream", "GET", "/v1/stream", Who.READER, "Follow the entries of all coverages as server-sent events.",
        stream.PARAMETERS, open=True, endless=True, own_judge=True, media_type="text/event-stream",
        problems=frozenset({403, 404, 429}),
    ),
    Route(
        "coverageStream", "GET", "/v1/coverages/{coverage}/stream", Who.READER,
        "Follow the entries of a coverage as server-sent events.", stream.PARAMETERS, open=True, endless=True,
        own_judge=True, media_type="text/event-stream", problems=frozenset({429}),
    ),
    Route(
        "replay", "GET", "/v1/coverages/{coverage}/replay", Who.READER,
        "Follow what was received in a period once more, at a speed, as server-sent events.", replay_route.PARAMETERS,
        open=True, endless=True, own_judge=True, media_type="text/event-stream", problems=frozenset({429}),
    ),
    Route(
        "ws", "GET", "/v1/ws", Who.READER, "Follow entries over a WebSocket, by many subscriptions.", endless=True,
        own_judge=True, status=HTTPStatus.SWITCHING_PROTOCOLS, media_type="*/*", problems=frozenset({403, 426, 429}),
    ),
    Route(
        "coverages", "GET", "/v1/coverages", Who.READER, "List the coverages.", PAGED, open=True, answer=CoverageList,
    ),
    Route("coverage", "GET", "/v1/coverages/{coverage}", Who.READER, "Read a coverage.", open=True,
        answer=CoverageSummary),
    Route(
        "entries", "GET", "/v1/coverages/{coverage}/entries", Who.READER, "List a coverage's entries, newest first.",
        rest.ENTRIES, open=True, answer=EntryList,
    ),
    Route("entry", "GET", "/v1/entries/{entry}", Who.READER, "Read an entry's newest revision.", open=True,
        answer=Entry),
    Route(
        "revisions", "GET", "/v1/entries/{entry}/revisions", Who.READER, "List an entry's revisions, newest first.",
        PAGED, open=True, answer=RevisionList,
    ),
    Route(
        "sources", "GET", "/v1/sources", Who.ADMIN, "List the sources, each with the time of its newest revision.",
        PAGED, open=True, answer=SourceList,
    ),
    Route("search", "GET", "/v1/search", Who.READER, "Search entries by their words, best first.", search.PARAMETERS,
        open=True),
    Route("figures", "GET", "/v1/coverages/{coverage}/figures", Who.READER,
        "Follow the numbers that a coverage reports over time.", figures.PARAMETERS, open=True),
    Route("alerts", "GET", "/v1/alerts", Who.ALERTS, "List the alerts, each in its newest revision, newest first.",
        choice.PARAMETERS, answer=AlertList, problems=frozenset({404})),
    Route(
        "alertStream", "GET", "/v1/alerts/stream", Who.ALERTS, "Follow the alerts as server-sent events.",
        alert_stream.PARAMETERS, endless=True, media_type="text/event-stream", problems=frozenset({404, 429}),
    ),
    Route("alert", "GET", "/v1/alerts/{alert}", Who.ALERTS,
        "Read an alert with its revisions, and what became of it.", answer=AlertHistory),
    Route("acknowledge", "POST", "/v1/alerts/{alert}/acknowledge", Who.ALERTS,
        "Acknowledge an alert: its sinks are told again only of what matters.", answer=AcknowledgementRecord),
    Route("takeBack", "DELETE", "/v1/alerts/{alert}/acknowledge", Who.ALERTS, "Take an acknowledgement back.",
        status=HTTPStatus.NO_CONTENT),
    Route("mutes", "GET", "/v1/mutes", Who.ALERTS, "List what is muted now.", PAGED, answer=MuteList),
    Route("mute", "POST", "/v1/mutes", Who.ALERTS, "Mute a coverage or a story until a time.", body=NewMute,
        answer=MuteRecord, status=HTTPStatus.CREATED, problems=frozenset({404, 409, 413})),
    Route("unmute", "DELETE", "/v1/mutes/{mute}", Who.ALERTS, "End a mute at once.", status=HTTPStatus.NO_CONTENT),
    Route("feed.atom", "GET", "/coverages/{coverage}/feed.atom", Who.READER, "The newest entries as Atom.", None,
        open=True, media_type="application/atom+xml"),
    Route("feed.rss", "GET", "/coverages/{coverage}/feed.rss", Who.READER, "The newest entries as RSS 2.0.", None,
        open=True, media_type="application/rss+xml"),
    Route("feed.json", "GET", "/coverages/{coverage}/feed.json", Who.READER, "The newest entries as JSON Feed 1.1.",
        None, open=True, media_type="application/feed+json"),
    Route("feed.jsonld", "GET", "/coverages/{coverage}/feed.jsonld", Who.READER,
        "The newest entries as schema.org LiveBlogPosting.", None, open=True, media_type="application/ld+json"),
    Route("feed.ninjs", "GET", "/coverages/{coverage}/feed.ninjs", Who.READER, "The newest entries as ninjs 3.", None,
        open=True),
    Route("deadLetters", "GET", "/v1/dead-letters", Who.ADMIN, "List dead letters, those first that failed last.",
        dead_letters.PARAMETERS, answer=DeadLetterList),
    Route("deadLetter", "GET", "/v1/dead-letters/{letter}", Who.ADMIN, "Read a dead letter with headers and body."),
    Route("retryDeadLetter", "POST", "/v1/dead-letters/{letter}/retry", Who.ADMIN,
        "Put a dead letter's document back to be processed.", dead_letters.AGAIN,
        problems=frozenset({409, 413})),
    Route("discardDeadLetter", "POST", "/v1/dead-letters/{letter}/discard", Who.ADMIN, "Discard a dead letter.",
        dead_letters.AGAIN, problems=frozenset({409})),
    Route("deskLetters", "GET", "/desk/dead-letters", Who.ADMIN, "The page of dead letters.", None, page=True,
        media_type="text/html"),
    Route("deskLetter", "GET", "/desk/dead-letters/{letter}", Who.ADMIN, "The page of one dead letter.", None,
        page=True, media_type="text/html"),
    Route("deskRetryLetter", "POST", "/desk/dead-letters/{letter}/retry", Who.ADMIN,
        "Retry a dead letter by the page's form.", None, status=HTTPStatus.SEE_OTHER, media_type="text/html",
        problems=frozenset({409})),
    Route("deskDiscardLetter", "POST", "/desk/dead-letters/{letter}/discard", Who.ADMIN,
        "Discard a dead letter by the page's form.", None, status=HTTPStatus.SEE_OTHER, media_type="text/html",
        problems=frozenset({409})),
    Route("webhooks", "GET", "/v1/webhooks", Who.ADMIN, "List the webhooks, oldest first.", PAGED, optional=True),
    Route("createWebhook", "POST", "/v1/webhooks", Who.ADMIN, "Make a webhook; shows its secret, this once.",
        optional=True, status=HTTPStatus.CREATED, problems=frozenset({409, 413})),
    Route("webhook", "GET", "/v1/webhooks/{id}", Who.ADMIN, "Read a webhook.", optional=True),
    Route("changeWebhook", "PATCH", "/v1/webhooks/{id}", Who.ADMIN, "Change a webhook.", optional=True,
        problems=frozenset({409, 413})),
    Route("deleteWebhook", "DELETE", "/v1/webhooks/{id}", Who.ADMIN, "Delete a webhook.", optional=True,
        status=HTTPStatus.NO_CONTENT, problems=frozenset({409})),
    Route("rotateWebhook", "POST", "/v1/webhooks/{id}/rotate", Who.ADMIN,
        "Give it a new secret; the old one signs along for 24 hours.", optional=True, problems=frozenset({409})),
    Route("testWebhook", "POST", "/v1/webhooks/{id}/test", Who.ADMIN, "Send it one message.", optional=True,
        status=HTTPStatus.ACCEPTED, problems=frozenset({409})),
    Route("recoverWebhook", "POST", "/v1/webhooks/{id}/recover", Who.ADMIN, "Send all again from a time on.",
        optional=True, status=HTTPStatus.ACCEPTED, problems=frozenset({409, 413})),
    Route("webhookDeliveries", "GET", "/v1/webhooks/{id}/deliveries", Who.ADMIN,
        "List what became of its deliveries, newest first.", PAGED, optional=True),
    Route(
        "websubVerify", "GET", _WEBSUB + "/{source}/{token}", Who.HUB, "Confirm a subscription to a WebSub hub.",
        None, endless=True, optional=True, media_type="text/plain",
    ),
    Route(
        "websubDeliver", "POST", _WEBSUB + "/{source}/{token}", Who.HUB, "Take what a WebSub hub brings.", None,
        optional=True, status=HTTPStatus.ACCEPTED, problems=frozenset({408, 410, 413, 415}),
    ),
    Route("index", "GET", "/", Who.READER, "The live page of all coverages.", None, page=True, media_type="text/html"),
    Route("coveragePage", "GET", "/coverages/{coverage}", Who.READER, "The live page of a coverage.", None, page=True,
        media_type="text/html"),
    Route("embed", "GET", "/coverages/{coverage}/embed", Who.READER, "The live page of a coverage, for an iframe.",
        None, page=True, media_type="text/html"),
    Route("embedScript", "GET", "/embed.js", Who.ANYONE, "One line that puts a coverage into another page.", None,
        media_type="text/javascript"),
    Route("client", "GET", "/liveline.js", Who.ANYONE, "A client for browsers and Node.", None,
        media_type="text/javascript"),
    Route("clientTypes", "GET", "/liveline.d.ts", Who.ANYONE, "The client's types.", None, media_type="text/plain"),
    Route("pageFile", "GET", "/page/{name}", Who.ANYONE, "Scripts and styles of the page.", None, media_type="*/*"),
    Route("desk", "GET", "/desk", Who.ALERTS, "The editors' page: alerts, newest first.", None, page=True,
        media_type="text/html"),
    Route("deskAct", "POST", "/desk", Who.ALERTS, "Do what a form of the editors' page asks for.", None,
        media_type="text/html", status=HTTPStatus.SEE_OTHER, problems=frozenset({404, 409, 413})),
    Route("deskAlert", "GET", "/desk/alerts/{alert}", Who.ALERTS, "The editors' page of one alert.", None, page=True,
        media_type="text/html"),
    Route("deskRules", "GET", "/desk/rules", Who.ALERTS, "The rules, with a dry run of one over the last day.", None,
        page=True, media_type="text/html"),
    Route("deskSources", "GET", "/desk/sources", Who.ALERTS, "Sources with their freshness, and sinks that failed.",
        None, page=True, media_type="text/html"),
    Route("deskFile", "GET", "/desk/files/{name}", Who.ANYONE, "Script and style of the editors' page.", None,
        media_type="*/*"),
    Route("healthz", "GET", "/healthz", Who.ANYONE, "Whether the process lives.", None, answer=Health),
    Route("readyz", "GET", "/readyz", Who.ANYONE, "Whether the gateway can serve clients.", None,
        answer=Health, problems=frozenset({503})),
    Route("metrics", "GET", "/metrics", Who.ANYONE, "Metrics for Prometheus.", None, media_type="text/plain"),
    Route("openapi", "GET", "/openapi.json", Who.ANYONE, "This description (OpenAPI 3.1).", None, open=True),
    Route("asyncapi", "GET", "/asyncapi.json", Who.ANYONE, "The streams described (AsyncAPI 3.0).", None, open=True),
)  # fmt: skip
"""All of them; whoever adds one adds its handler in `streams.bootstrap.gateway` and its lines in `docs/api.md`."""
