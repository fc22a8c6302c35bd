"""Which pictures the page shows: those of hosts that a setting names; others are links."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from streams.gateway.page.body import web_address

ANY: Final = "*"
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Pictures:
    """Hosts such as `media.example.org` and `*.example.org`, with their port if it is no usual one; `*`: all.

    This is how a Content-Security-Policy reads them, too.
    """

    hosts: Sequence[str] = ()

    def address(self, url: str | None) -> str | None:
        """Return a picture's address if it may be shown, else None."""
        address = web_address(url)
        if address is None:
            return None
        try:
            parts = urlsplit(address)
            port = f":{parts.port}" if parts.port not in (None, _PORTS[parts.scheme.lower()]) else ""
        except ValueError:
            return None
        host = (parts.hostname or "") + port
        shown = any(each in (ANY, host) or (each.startswith("*.") and host.endswith(each[1:])) for each in self.hosts)
        return address if shown else None

    def policy(self) -> str:
        """Return them as sources of a Content-Security-Policy."""
        return " ".join(["'self'", *("http: https:" if each == ANY else each for each in self.hosts)])
