"""A day of posts for the chaos test of alerts: collected ones if there are, with edits and withdrawals."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from schemas import Document, Newsroom, Post
from streams.exceptions import ParseError
from tests.unit.parse.agency_samples import REAL
from tests.unit.parse.real_data.collected import files, read

DAY: Final = timedelta(days=1)
SINK: Final = "desk"
COVERAGES: Final = 4
SOURCES: Final = ("evening-post", "coast-wire", "radio")
_EVENTS: Final = ("Fire at the harbour", "Flood on the river", "Train leaves the rails", "Storm over the bay")
_DEEDS: Final = ("{n} people were injured, the police said", "{n} people are dead", "The council meets at {n}")
_KEPT: Final = {"over_after": "1h", "fresh": "off", "to": [SINK]}
_RULES: Final[tuple[dict[str, Any], ...]] = (
    {"id": "everything", "when": "entry.headline != '' || entry.body_text != ''", "per": "entry", "cooldown": "0s"},
    {"id": "hurt", "when": 'entry.figures.exists(f, f.kind in ["dead", "injured"])', "rises": ["dead", "injured"]},
    {"id": "held", "when": "entry.urgency <= 4", "per": "coverage", "hold": "5m", "urgent": "entry.urgency == 1"},
    {"id": "confirmed", "when": "true", "per": "coverage", "count": {"sources": 3, "within": "30m"}},
    {"id": "many", "when": "true", "per": "coverage", "count": {"entries": 4, "within": "30m"}, "cooldown": "40m"},
    {"id": "corrected", "when": "entry.is_correction", "per": "entry"},
    {"id": "withdrawn", "when": 'entry.change == "retracted"', "on": ["retracted"], "per": "entry"},
    {"id": "busy", "burst": {"within": "15m", "times": 2, "least": 4}},
    {"id": "quiet", "silence": "40m"},
)
NEWSROOM: Final = Newsroom.model_validate(
    {
        "coverages": [
            {"id": f"coverage-{number}", "sources": [{"id": f"{source}-{number}"} for source in SOURCES]}
            for number in range(COVERAGES)
        ],
        "alerts": [{**rule, **({"to": [SINK]} if "silence" in rule or "burst" in rule else _KEPT)} for rule in _RULES],
        "sinks": [{"id": SINK, "late": "900h"}],
    }
)


def posts(most: int, chance: random.Random, *, real: bool) -> list[dict[str, str]]:
    """Return headlines and texts: the collected posts, or written ones."""
    found = [
        {"headline": post.headline or "", "body_text": post.body_text or ""}
        for file in (files() if real else ())
        for post in _collected(file)
        if post.headline or post.body_text
    ]
    while not real and len(found) < most:
        event, deed = chance.choice(_EVENTS), chance.choice(_DEEDS).format(n=chance.randrange(2, 60))
        found.append({"headline": f"{event}, report {len(found)}", "body_text": f"{deed}. Report {len(found)}."})
    chance.shuffle(found)
    return found[:most]


def _collected(file: str) -> tuple[Post, ...]:
    try:
        return tuple(read(file).posts)
    except ParseError:  # some are collected because they are no posts
        return ()


def has_real() -> bool:
    """Return whether the checkout stands beside the collected files."""
    return REAL.is_dir()


def documents(
    texts: list[dict[str, str]], start: datetime, length: timedelta, chance: random.Random
) -> Iterator[Document]:
    """Yield the documents of a time in order: each text once, then perhaps edited, copied or withdrawn."""
    moments: list[tuple[datetime, int, dict[str, Any], int, str]] = []
    for number, text in enumerate(texts):
        at = start + length * chance.random()
        coverage, source = number % COVERAGES, chance.choice(SOURCES)
        post = {
            "id": f"p{number}",
            **text,
            "urgency": chance.choice((1, 3, 4, 5, 5, 5)),
            "published_at": at.isoformat(),
        }
        moments.append((at, number, post, coverage, source))
        later = at + chance.uniform(1, 50) * timedelta(minutes=1)
        what = chance.random()
        if what < 0.2:
            moments.append((later, number, {**post, "version": "2", "urgency": chance.randint(1, 6)}, coverage, source))
        elif what < 0.3:
            edit = {**post, "version": "2", "is_correction": True, "body_text": f"Corrected. {text['body_text']}"}
            moments.append((later, number, edit, coverage, source))
        elif what < 0.4:
            moments.append((later, number, {"id": post["id"], "status": "canceled"}, coverage, source))
        elif what < 0.6:
            other = chance.choice([each for each in SOURCES if each != source])
            moments.append((later, number, {**post, "id": f"copy-{number}"}, coverage, other))
    for serial, (at, _, post, coverage, source) in enumerate(sorted(moments, key=lambda each: each[:2])):
        yield Document(
            id=f"d{serial}",
            source_id=f"{source}-{coverage}",
            coverage_id=f"coverage-{coverage}",
            received_at=at,
            content_type="application/vnd.liveline.post+json",
            body=orjson.dumps(post),
        )
