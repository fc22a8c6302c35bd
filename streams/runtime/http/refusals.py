"""Connections for which there is no place: each is told so once it asks, and is left to its client to close.

To answer and close at once loses the answer: the request that comes in then is met by a reset, and what the client has
not read is gone (RFC 9112, 9.6).
"""

import asyncio
from collections.abc import Callable
from typing import Final

_LINGER_SECONDS: Final = 2.0
_MOST_LINGERING = 32
"""Half of the descriptors that no slot may have."""


class Refusals:
    """The refused connections of one server; bounded in time and in number, the oldest goes first."""

    def __init__(self) -> None:
        self._lingering: dict[_Refused, None] = {}

    def refuse(self, transport: asyncio.Transport, answer: bytes) -> None:
        """Answer a new connection and see it off."""
        if len(self._lingering) >= _MOST_LINGERING:
            next(iter(self._lingering)).end()
        refused = _Refused(transport, answer, self._lingering.pop)
        self._lingering[refused] = None
        transport.set_protocol(refused)


class _Refused(asyncio.Protocol):
    """One of them; what it sends is let go."""

    def __init__(self, transport: asyncio.Transport, answer: bytes, ended: Callable[["_Refused", None], None]) -> None:
        self._transport = transport
        self._answer = answer
        self._ended = ended
        self._patience = asyncio.get_running_loop().call_later(_LINGER_SECONDS, self.end)

    def end(self) -> None:
        """Cut it."""
        self._transport.abort()
        self._forget()

    def data_received(self, data: bytes) -> None:  # noqa: ARG002  (it is not read)
        """Answer its first bytes, and say that nothing follows; a client that has read it closes."""
        if self._answer:
            self._transport.write(self._answer)
            self._transport.write_eof()
            self._answer = b""

    def connection_lost(self, exc: BaseException | None) -> None:  # noqa: ARG002  (however it ended)
        """Forget it."""
        self._forget()

    def _forget(self) -> None:
        self._patience.cancel()
        self._ended(self, None)
