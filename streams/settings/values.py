"""Values that a setting is written as: `host:port`, `6s`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Self

from pydantic import BeforeValidator, PlainSerializer

_DURATION = re.compile(r"(\d+)(ms|s|m|h|d)")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LAST_PORT = 65535
_IN_DAYS_FROM = 72 * 3_600_000  # milliseconds; a newsroom says 48 hours, but 90 days


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


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _DURATION.fullmatch(value.strip())
    if not found:
        raise ValueError("expected a number and its unit, such as 500ms, 6s, 5m, 48h or 90d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _durations(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(_duration(part) for part in value.split(",") if part.strip())


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


def duration_text(value: timedelta) -> str:
    """Return a duration as it is written in a setting, in the largest unit that fits."""
    milliseconds = round(value.total_seconds() * 1000)
    if milliseconds >= _IN_DAYS_FROM and milliseconds % 86_400_000 == 0:
        return f"{milliseconds // 86_400_000}d"
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"


Bind = Annotated[Address, BeforeValidator(_address), PlainSerializer(str)]
"""An address, written `host:port`."""

Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(duration_text)]
"""A time span, written as a number and its unit."""

Durations = Annotated[tuple[timedelta, ...], BeforeValidator(_durations), PlainSerializer(_durations_text)]
"""Time spans, written between commas."""

Proxies = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks), PlainSerializer(_networks_text)]
"""Networks, written between commas."""
