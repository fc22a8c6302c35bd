"""The sample event as documents, each with the minute at which it is pushed, dated as an event that is now."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import yaml

from streams.demo.newsroom import SAMPLES
from streams.demo.page import Clock, page_at

MINUTES: Final = 60
POST: Final = "application/vnd.liveline.post+json"

_TIMES = ("published_at", "updated_at")
_SECTION = re.compile(r"(?m)^\{\{clock (\d+)\}\}$")


@dataclass(frozen=True, slots=True)
class Step:
    """One push."""

    minute: float
    source: str
    content_type: str
    body: bytes
    url: str | None = None


def story(begin: datetime) -> tuple[Step, ...]:
    """Return all pushes in order; `begin` is minute 0, in full minutes as the radio's clocks are."""
    begin = begin.replace(second=0, microsecond=0)

    def clock(minute: float) -> str:
        return (begin + timedelta(minutes=minute)).isoformat()

    timeline = _read("timeline.yaml")
    steps = [
        *_evening_post(timeline["evening-post"], clock),
        *_coast_wire(clock),
        *_harbour_radio(timeline["harbour-radio"], begin),
        *(
            Step(each["at"], each["source"], each["type"], (SAMPLES / each["file"]).read_bytes())
            for each in timeline["files"]
        ),
    ]
    return tuple(sorted(steps, key=lambda step: step.minute))


def _read(name: str) -> Any:
    return yaml.safe_load((SAMPLES / name).read_text(encoding="utf-8"))


def _evening_post(snapshots: list[dict[str, Any]], clock: Clock) -> Iterator[Step]:
    blog = _read("evening-post.yaml")
    for snapshot in snapshots:
        body = page_at(blog, snapshot["at"], clock, broken=snapshot.get("broken", False))
        yield Step(snapshot["at"], "evening-post", "text/html; charset=utf-8", body, blog["url"])


def _coast_wire(clock: Clock) -> Iterator[Step]:
    for push in _read("coast-wire.yaml")["pushes"]:
        pushed: Any = _timed(push["post"], clock) if "post" in push else [_timed(post, clock) for post in push["posts"]]
        yield Step(push["at"], "coast-wire", POST, json.dumps(pushed, ensure_ascii=False).encode())


def _timed(post: Mapping[str, Any], clock: Clock) -> dict[str, Any]:
    return {name: clock(value) if name in _TIMES else value for name, value in post.items()}


def _harbour_radio(snapshots: list[dict[str, Any]], begin: datetime) -> Iterator[Step]:
    lead, *rest = _SECTION.split((SAMPLES / "harbour-radio.txt").read_text(encoding="utf-8"))
    sections = list(zip(map(int, rest[::2]), rest[1::2], strict=True))
    for snapshot in snapshots:
        written = [
            f"{begin + timedelta(minutes=minute):%H:%M}{text}" for minute, text in sections if minute <= snapshot["at"]
        ]
        yield Step(snapshot["at"], "harbour-radio", "text/plain; charset=utf-8", "".join([lead, *written]).encode())
