"""`/asyncapi.json`: the streams of the table of routes in AsyncAPI 3.0."""

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from schemas.alert import Alert
from schemas.entry import Entry
from schemas.export import definitions
from schemas.model import Model
from streams.distribution import installed_version
from streams.gateway.describe.answers import End, Expired, Incomplete, Live
from streams.gateway.describe.messages import ASKED, TOLD
from streams.gateway.describe.parameters import PARAMETERS, PATH, STREAM_LIMIT
from streams.gateway.route import Route

_EVENTS: Final[tuple[tuple[str, type[Model], str], ...]] = (
    ("entry", Entry, "A revision that fits the filter."),
    ("entry-left", Entry, "A revision that does not fit, of an entry that did: it left what the reader sees."),
    ("incomplete", Incomplete, "What the cursor stands for can't be continued; the current state follows."),
    (
        "alert",
        Alert,
        "An alert, with the right to them; on a stream of entries with `alerts=true`, and without an `id`.",
    ),
    ("live", Live, "All that was missed has been sent."),
    ("end", End, "A replay has reached its `to`; the connection closes."),
    ("expired", Expired, "The token has expired; the stream ends."),
)
"""Events of a stream; `data` holds the payload as JSON on one line, `id` the cursor after it."""
_ALERT_EVENTS: Final = ("alert", "incomplete", "live", "expired")
"""Those of the stream of alerts, where each has an `id`."""
_FRAMES: Final = tuple((model.__name__, model, (model.__doc__ or "").strip()) for model in (*ASKED, *TOLD))
_REF: Final = "#/components/schemas/{model}"
_PLACE: Final = re.compile(r"\{(\w+)\}")


def asyncapi(routes: Iterable[Route], base: str) -> dict[str, Any]:
    """Return the description of the streams among some routes; `base` is the address that they are reached by."""
    listed = list(routes)
    streams = [route for route in listed if route.media_type == "text/event-stream"]
    sockets = [route for route in listed if route.is_socket]
    address = urlsplit(base)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Liveline",
            "version": installed_version(),
            "description": "Server-sent events, and a WebSocket (subprotocol `liveline.v1`).",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"gateway": {"host": address.netloc, "protocol": address.scheme, "description": "This gateway."}},
        "channels": {
            **{route.name: _channel(route, _events(route)) for route in streams},
            **{route.name: _channel(route, [each.__name__ for each in (*ASKED, *TOLD)]) for route in sockets},
        },
        "operations": {
            f"send{route.name[0].upper()}{route.name[1:]}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{route.name}"},
                "summary": route.summary,
                "bindings": {"http": {"method": route.method, "query": _query(route), "bindingVersion": "0.3.0"}},
                "messages": [{"$ref": f"#/channels/{route.name}/messages/{event}"} for event in _events(route)],
            }
            for route in streams
        }
        | {
            f"{action}{route.name[0].upper()}{route.name[1:]}": {
                "action": action,
                "channel": {"$ref": f"#/channels/{route.name}"},
                "summary": route.summary,
                "messages": [{"$ref": f"#/channels/{route.name}/messages/{each.__name__}"} for each in models],
            }
            for route in sockets
            for action, models in (("receive", ASKED), ("send", TOLD))
        },
        "components": {
            "messages": {
                event: {
                    "name": event,
                    "summary": summary,
                    "contentType": "application/json",
                    "payload": {"$ref": _REF.format(model=model.__name__)},
                }
                for event, model, summary in (*_EVENTS, *_FRAMES)
            },
            "schemas": definitions({model: None for _, model, _ in (*_EVENTS, *_FRAMES)}, _REF),
        },
    }


def _events(route: Route) -> list[str]:
    """Return the events of a stream: a replay alone ends, and has no alerts."""
    if route.name == "alertStream":
        return list(_ALERT_EVENTS)
    never = {"alert"} if "to" in (route.parameters or ()) else {"end"}
    return [event for event, _, _ in _EVENTS if event not in never]


def _channel(route: Route, messages: Iterable[str]) -> dict[str, Any]:
    parameters = {name: {"description": PATH[name][0]} for name in _PLACE.findall(route.path)}
    return {
        "address": route.path,
        "description": f"{route.summary} Who may: {route.who.value}.",
        "messages": {event: {"$ref": f"#/components/messages/{event}"} for event in messages},
        **({"parameters": parameters} if parameters else {}),
    }


def _query(route: Route) -> dict[str, Any]:
    """Return the parameters as the schema of an object, as the binding wants them."""
    described = {**PARAMETERS, "limit": STREAM_LIMIT}
    return {
        "type": "object",
        "properties": {
            name: {**described[name][1], "description": described[name][0]} for name in sorted(route.parameters or ())
        },
    }
