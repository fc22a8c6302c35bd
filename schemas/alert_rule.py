"""A rule of what an editor is told, and the sinks by which; as written in `liveline.yaml`."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, field_validator, model_validator

from schemas.duration import Duration
from schemas.entry import Change, FigureKind
from schemas.model import Model

RULE_ID: Final = r"^[a-z0-9][a-z0-9._-]{0,99}$"
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_OFF: Final = ("off", False)
_MOST_PART: Final = timedelta(0)
_HASH_BYTES: Final = 8


class Configured(Model):
    """Unlike data from outside, a key nobody knows is a mistake to be named."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


def _clock(value: object) -> object:
    if isinstance(value, str):
        found = _CLOCK.fullmatch(value.strip())
        if not found:
            raise ValueError("expected a time of day such as '06:00'")
        return time(int(found[1]), int(found[2]))
    if isinstance(value, int):
        raise ValueError("expected a time of day in quotes, such as '06:00'")  # noqa: TRY004  (pydantic's way)
    return value


def _fresh(value: object) -> object:
    return None if value in _OFF else value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is no IANA time zone; expected a name such as Europe/London") from error
    return value


Clock = Annotated[time, BeforeValidator(_clock), PlainSerializer(lambda value: f"{value:%H:%M}")]
"""A time of day, written `06:00`."""


class Per(StrEnum):
    """What one alert of a rule speaks of."""

    STORY = "story"
    COVERAGE = "coverage"
    ENTRY = "entry"


class Count(Configured):
    """How many must meet the condition before there is an alert."""

    sources: int | None = Field(default=None, ge=1, description="So many sources; those of duplicates too.")
    entries: int | None = Field(default=None, ge=1, description="So many entries.")
    within: Duration = Field(gt=_MOST_PART, description="In this time.")


class Burst(Configured):
    """More new entries than usual."""

    within: Duration = Field(gt=_MOST_PART, description="The window.")
    times: float = Field(default=4, gt=0, description="So many times the mean of the hour before.")
    least: int = Field(default=5, ge=1, description="And at least so many entries.")


class RuleSink(Configured):
    """A sink that a rule tells, perhaps only if a condition holds."""

    sink: str
    condition: str | None = Field(default=None, alias="if", description="CEL over `alert`.")


def _rule_sink(value: object) -> object:
    return {"sink": value} if isinstance(value, str) else value


class AlertRule(Configured):
    """One rule."""

    id: str = Field(pattern=RULE_ID, description="Small letters, digits, `.`, `_` and `-`; unique.")
    when: str | None = Field(default=None, description="CEL over `entry`, `coverage`, `source`.")
    count: Count | None = Field(default=None, description="`{sources: 3, within: 10m}` or `{entries: 5, within: 10m}`.")
    burst: Burst | None = Field(default=None, description="`{within: 5m, times: 4, least: 5}`.")
    silence: Duration | None = Field(default=None, gt=_MOST_PART, description="A source without news for so long.")
    sources: tuple[str, ...] | None = Field(default=None, min_length=1, description="Of a silence: these sources.")
    between: tuple[Clock, Clock] | None = Field(default=None, description="Of a silence: `['06:00', '23:00']`.")
    timezone: str = Field(default="UTC", description="IANA name, of `between`.")
    on: tuple[Change, ...] = Field(
        default=(Change.CREATED, Change.UPDATED, Change.RESTORED), min_length=1, description="Revisions it looks at."
    )
    coverages: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="All by default; `*` stands for any characters."
    )
    per: Per = Field(default=Per.STORY, description="What an alert speaks of; without a story, the entry.")
    cooldown: Duration = Field(default=timedelta(minutes=15), description="Further causes tell nobody for so long.")
    urgent: str | None = Field(default=None, description="CEL; a cause of which it holds tells despite `cooldown`.")
    rises: tuple[FigureKind, ...] = Field(default=(), description="A higher figure tells despite `cooldown`.")
    hold: Duration = Field(default=timedelta(0), description="Raised only if it still stands then.")
    fresh: Annotated[Duration | None, BeforeValidator(_fresh)] = Field(
        default=timedelta(hours=1), description="Entries published longer before tell nobody; `off`: any age."
    )
    over_after: Duration = Field(
        default=timedelta(hours=6), gt=_MOST_PART, description="Ended so long after the last match."
    )
    urgency: int | None = Field(default=None, ge=1, le=9, description="Of its alerts; else the causes' own.")
    title: str | None = Field(default=None, min_length=1, description="`'{coverage.title}: {entry.headline}'`.")
    to: tuple[Annotated[RuleSink, BeforeValidator(_rule_sink)], ...] = Field(
        default=(), description="Sinks, by id or as `{sink: phone, if: 'alert.urgency <= 2'}`."
    )

    @model_validator(mode="before")
    @classmethod
    def _on_is_a_key(cls, value: Any) -> Any:
        """Take YAML 1.1's word for it: there an unquoted `on` is `true`."""
        return (
            {("on" if key is True else key): each for key, each in value.items()} if isinstance(value, dict) else value
        )

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        return _zone(value)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield each key that contradicts another one, with what is wrong."""
        given = self.model_fields_set
        kinds = [key for key in ("when", "burst", "silence") if getattr(self, key) is not None]
        if len(kinds) != 1:
            found = f"found {' and '.join(kinds)}" if kinds else "missing"
            yield (kinds[1] if kinds else "when"), f"{found}; expected exactly one of when, burst and silence"
            return
        for key in sorted(given & _ONLY_FOR.keys()):
            if kinds[0] != _ONLY_FOR[key]:
                yield key, f"belongs to a rule with {_ONLY_FOR[key]}; this one has {kinds[0]}"
        if self.count and (self.count.sources is None) is (self.count.entries is None):
            yield "count", "expected one of sources and entries, and within"
        if self.between and self.between[0] == self.between[1]:
            yield "between", "begins and ends at the same time; expected two times, or leave it out"
        if "timezone" in given and self.between is None:
            yield "timezone", "is of no use without between"

    @property
    def version(self) -> str:
        """A hash of the rule."""
        return blake2b(self.model_dump_json().encode(), digest_size=_HASH_BYTES).hexdigest()


_ONLY_FOR: Final = {
    **dict.fromkeys(("count", "on", "per", "urgent", "rises", "hold"), "when"),
    **dict.fromkeys(("sources", "between", "timezone"), "silence"),
}


class Quiet(Configured):
    """Hours in which a sink is sent nothing."""

    start: Clock = Field(alias="from", description="`'23:00'`.")
    end: Clock = Field(alias="to", description="`'06:00'`.")
    timezone: str = Field(default="UTC", description="IANA name.")
    unless: str | None = Field(default=None, description="CEL over `alert`: what is sent all the same.")

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        return _zone(value)


class Sink(Configured):
    """Where alerts are sent; the address is `LIVELINE_SINK_<ID>`."""

    id: str = Field(pattern=RULE_ID, description="Small letters, digits, `.`, `_` and `-`; unique.")
    quiet: Quiet | None = Field(default=None, description="`{from: '23:00', to: '06:00', timezone: Europe/London}`.")
    digest: Duration | None = Field(default=None, gt=_MOST_PART, description="Gathered for so long, sent as one.")
    most: int | None = Field(default=None, ge=1, description="Messages in an hour.")
    late: Duration = Field(default=timedelta(hours=1), description="What is older is recorded, not sent.")
