"""Values that a setting is written as: `host:port`, `6s`."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Self

from pydantic import BeforeValidator, PlainSerializer

from schemas.duration import Duration, duration_text, read_duration

__all__ = ["Address", "Bind", "Duration", "Durations", "Hosts", "Origins", "Proxies", "Sites", "Time", "duration_text"]

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")
_HOST = re.compile(r"\*|(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the address that `host:port` means; an IPv6 host stands in brackets."""
        host, _, port = text.rpartition(":")
        bare = host.removeprefix("[").removesuffix("]")
        if not bare or not port.isdecimal() or int(port) > _LAST_PORT or (":" in bare and bare == host):
            raise ValueError("expected host:port, such as 127.0.0.1:8080 or [::1]:8080")
        return cls(bare, int(port))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def _address(value: object) -> object:
    return Address.read(value) if isinstance(value, str) else value


def _durations(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(read_duration(part) for part in value.split(",") if part.strip())


def _durations_text(value: tuple[timedelta, ...]) -> str:
    return ", ".join(map(duration_text, value))


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
    except ValueError as error:
        raise ValueError(f"expected addresses or networks between commas, such as 10.0.0.0/8, ::1 ({error})") from error


def _networks_text(value: tuple[IPv4Network | IPv6Network, ...]) -> str:
    return ", ".join(map(str, value))


def _time(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        time = datetime.fromisoformat(value.strip())
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise ValueError("expected a time with its zone, such as 2026-01-31T08:00:00Z")
    return time


Bind = Annotated[Address, BeforeValidator(_address), PlainSerializer(str)]
"""An address, written `host:port`."""


def _origins(value: object) -> object:
    if not isinstance(value, str):
        return value
    origins = tuple(part.strip().lower().removesuffix("/") for part in value.split(",") if part.strip())
    if wrong := next((each for each in origins if not _ORIGIN.fullmatch(each)), None):
        raise ValueError(f"{wrong!r} is no origin; expected such as https://www.example.org, between commas")
    return origins


def _origins_text(value: tuple[str, ...]) -> str:
    return ", ".join(value)


Origins = Annotated[tuple[str, ...], BeforeValidator(_origins), PlainSerializer(_origins_text)]
"""Origins of web pages, written between commas."""


def _sites(value: object) -> object:
    return ("*",) if isinstance(value, str) and value.strip() == "*" else _origins(value)


Sites = Annotated[tuple[str, ...], BeforeValidator(_sites), PlainSerializer(_origins_text)]
"""Origins of web pages, written between commas, or `*` for any."""


def _hosts(value: object) -> object:
    if not isinstance(value, str):
        return value
    hosts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if wrong := next((each for each in hosts if not _HOST.fullmatch(each)), None):
        raise ValueError(
            f"{wrong!r} is no host; expected such as media.example.org, *.example.org or *, between commas"
        )
    return hosts


Hosts = Annotated[tuple[str, ...], BeforeValidator(_hosts), PlainSerializer(_origins_text)]
"""Hosts, written between commas; `*.` before one stands for all below it, `*` alone for all."""

Durations = Annotated[tuple[timedelta, ...], BeforeValidator(_durations), PlainSerializer(_durations_text)]
"""Time spans, written between commas."""

Proxies = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks), PlainSerializer(_networks_text)]
"""Networks, written between commas."""

Time = Annotated[datetime, BeforeValidator(_time), PlainSerializer(datetime.isoformat)]
"""A time with its zone, in RFC 3339."""
