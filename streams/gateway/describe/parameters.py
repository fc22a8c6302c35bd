"""What each parameter means, by its name: the same wherever it is taken."""

from collections.abc import Mapping
from typing import Any, Final

from schemas.alert import AlertChange
from schemas.dead_letter import Stage
from schemas.entry import FigureKind
from streams.gateway.http.paging import CURSOR_PATTERN, DEFAULT_LIMIT, MAX_LIMIT

_NAMES: Final = {"type": "array", "items": {"type": "string"}}
_FLAG: Final = {"anyOf": [{"type": "boolean"}, {"type": "string", "enum": ["", "0", "1", "no", "yes"]}]}
"""A name without a value is true."""
_CURSOR: Final = ("Where a stream goes on: the `id` of the last event; the header `Last-Event-ID` goes before it.",)
PARAMETERS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "again": ("Also what was retried or discarded before.", _FLAG),
    "alerts": ("Alerts as well, with a token that has the right to them.", _FLAG),
    "breaking": ("Breaking news alone, or all else.", _FLAG),
    "change": (
        "Alerts whose newest revision did this.",
        {"type": "array", "items": {"type": "string", "enum": [change.value for change in AlertChange]}},
    ),
    "coverage": ("Of these coverages.", _NAMES),
    "cursor": ("`next` of the page before.", {"type": "string", "pattern": CURSOR_PATTERN}),
    "duplicates": (
        "Whether another source's report of the same is sent as well.",
        {"type": "string", "enum": ["collapse", "include"], "default": "collapse"},
    ),
    "entity": ("Names of people, organisations or other things, folded.", _NAMES),
    "error": ("Whose error has this text in it, in either case.", {"type": "string"}),
    "from": ("Begin with what was received at this time or later.", {"type": "string", "format": "date-time"}),
    "key_event": ("Key events alone, or all else.", _FLAG),
    "kind": (
        "An entry without one counts as a post; an empty value is none.",
        {"type": "array", "items": {"type": "string", "enum": ["post", "summary", "comment", ""]}},
    ),
    "language": ("BCP 47; `en` fits `en-GB`.", _NAMES),
    "lastEventID": (*_CURSOR, {"type": "string"}),
    "lastEventId": (*_CURSOR, {"type": "string"}),
    "last_event_id": (*_CURSOR, {"type": "string"}),
    "limit": (
        "How many at most.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    "min_urgency": ("`3` means 1 to 3; 1 is most urgent.", {"type": "integer", "minimum": 1, "maximum": 9}),
    "place": ("Names of places, folded.", _NAMES),
    "q": ("All words, folded, in headline, summary or body.", {"type": "string"}),
    "replay": (
        "Begin with the newest revision of each entry that fits.",
        {"type": "string", "enum": ["latest"]},
    ),
    "rule": ("Alerts of these rules.", _NAMES),
    "since": ("Begin with what was received at this time or later.", {"type": "string", "format": "date-time"}),
    "source": ("Of these sources.", _NAMES),
    "speed": (
        "`original` keeps the distances between the revisions, a number divides them, `max` is as fast as can be.",
        {
            "anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string", "enum": ["original", "max"]}],
            "default": "max",
        },
    ),
    "stage": ("Where it failed.", {"type": "string", "enum": [each.value for each in Stage]}),
    "state": (
        "What became of it.",
        {"type": "string", "enum": ["waiting", "retried", "discarded"], "default": "waiting"},
    ),
    "standing": ("Alerts that stand, or those that are over: withdrawn, lapsed or ended.", _FLAG),
    "status": (
        "`canceled`: those that were taken back alone, withheld ones included.",
        {"type": "string", "enum": ["usable", "canceled"], "default": "usable"},
    ),
    "to": ("End before what was received at this time or later.", {"type": "string", "format": "date-time"}),
}
"""Name to its description and JSON Schema; a route names those that it takes."""

FIGURE_KIND: Final = (
    "Figures of these kinds alone.",
    {"type": "array", "items": {"type": "string", "enum": [kind.value for kind in FigureKind]}},
)
ALERTS_SINCE: Final = (
    "Changed at this time or later.",
    {"type": "string", "format": "date-time"},
)
SEARCH_CURSOR: Final = ("`next` of the page before.", {"type": "string"})
LETTERS_CURSOR: Final = (
    "`next` of the page before.",
    {"type": "string", "pattern": "^([0-9]{1,18}(-[0-9]{1,18}){2})?$"},
)
STREAM_LIMIT: Final = (
    "With `replay=latest`: of so many newest entries.",
    {"type": "integer", "minimum": 1, "maximum": 9_999_999},
)
PATH: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "alert": ("The alert's id.", {"type": "string", "minLength": 1}),
    "coverage": ("The coverage's id.", {"type": "string", "minLength": 1}),
    "entry": ("The entry's id.", {"type": "string", "minLength": 1}),
    "letter": ("The dead letter's id.", {"type": "string", "pattern": "^[0-9]{1,9}-[0-9]{1,18}$"}),
    "source": ("The source's id.", {"type": "string", "minLength": 1}),
    "token": ("The subscription's own secret.", {"type": "string", "minLength": 1}),
    "id": ("The webhook's id.", {"type": "string", "minLength": 1}),
    "mute": ("The mute's id.", {"type": "string", "minLength": 1}),
    "name": ("A file's name.", {"type": "string", "minLength": 1}),
}
_SHORT: Final = {"type": "string", "minLength": 1, "maxLength": 255}
_LONG: Final = {"type": "string", "minLength": 1, "maxLength": 2048}
HEADERS: Final[Mapping[str, Mapping[str, tuple[str, Mapping[str, Any]]]]] = {
    "push": {
        "Idempotency-Key": ("The same key and document again are answered without storing it again.", _SHORT),
        "Liveline-Url": ("The address that the document is from.", _LONG),
        "Liveline-Format": ("The parser to read it with, instead of the source's.", _SHORT),
        "traceparent": ("W3C Trace Context, carried on to the entry.", {"type": "string"}),
    },
}
"""A route's name to the headers that it reads, beside those of HTTP."""
