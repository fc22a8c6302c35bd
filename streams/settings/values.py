"""Values that a setting is written as: `host:port`, `6s`."""

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BeforeValidator, PlainSerializer

from schemas.duration import Duration, duration_text

__all__ = ["Address", "Bind", "Duration", "duration_text"]

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


Bind = Annotated[Address, BeforeValidator(_address), PlainSerializer(str)]
"""An address, written `host:port`."""
