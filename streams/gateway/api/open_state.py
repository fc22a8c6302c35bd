"""The state database as a gateway uses it: opened when it is first asked for, for streams need none."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TypeVar

import structlog

from schemas.webhook import FixedWebhook
from streams.archive.state import State, StateError, Webhooks, open_state
from streams.gateway.http.problem import Problem
from streams.runtime.clock import Clock

Result = TypeVar("Result")


@dataclass(slots=True)
class OpenState:
    """A state database by its URL; a gateway streams on although it can't be used."""

    url: str
    fixed: Sequence[FixedWebhook]
    """The webhooks of `liveline.yaml`, so that they show before a deliverer has run."""
    clock: Clock
    log: structlog.stdlib.BoundLogger
    _state: State | None = None
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "gateway-state"))

    async def call(self, work: Callable[[State], Result]) -> Result:
        """Do something with the database, in its thread; raises `StateError`."""
        return await asyncio.wrap_future(self._thread.submit(self._do, work))

    async def keep(self, fixed: Sequence[FixedWebhook]) -> None:
        """Show other webhooks of `liveline.yaml`; while it can't be used, they are taken up when it is opened."""
        self.fixed = fixed
        if self._state is not None:
            try:
                await self.call(lambda state: Webhooks(state).keep_fixed(fixed, self.clock(), complete=False))
            except StateError as error:
                self.note(error)

    async def ask(self, work: Callable[[State], Result]) -> Result:
        """Do the same for a request; raises a 503 that says nothing of the database."""
        try:
            return await self.call(work)
        except StateError as error:
            self.note(error)
            detail = "the state database can't be used; the gateway's log says more"
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"}) from error

    def note(self, error: StateError) -> None:
        """Log why it can't be used: the answer to a client doesn't say."""
        self.log.error("state.unusable", error=str(error))

    def close(self) -> None:
        """Finish what is under way and close it."""
        self._thread.shutdown(wait=True)
        if self._state is not None:
            self._state.close()

    def _do(self, work: Callable[[State], Result]) -> Result:
        if self._state is None:
            state = open_state(self.url)
            Webhooks(state).keep_fixed(self.fixed, self.clock(), complete=False)
            self._state = state
        return work(self._state)
