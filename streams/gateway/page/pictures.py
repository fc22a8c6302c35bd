"""Which pictures the page shows: those of hosts that a setting names; others are links."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from streams.gateway.page.body import web_address

ANY = "*"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Hosts such as `media.example.org` and `*.example.org`; `*` stands for all."""

    hosts: Sequence[str] = ()

    def address(self, url: str | None) -> str | None:
        """Return a picture's address if it may be shown, else None."""
        address = web_address(url)
        if address is None:
            return None
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return None
        shown = any(
            each in (ANY, host, f"{host}:{port}") or (each.startswith("*.") and host.endswith(each[1:]))
            for each in self.hosts
        )
        return address if shown else None

    def policy(self) -> str:
        """Return them as sources of a Content-Security-Policy."""
        return " ".join(["'self'", *("http: https:" if each == ANY else each for each in self.hosts)])
