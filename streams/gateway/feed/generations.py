"""Which generation's entries a gateway reads."""

from typing import Protocol

from streams.topology import LIVE


class Generations(Protocol):
    """Says which generation is live; `ControlWatch` follows what Kafka says."""

    async def start(self) -> None:
        """Begin to follow; returns at once."""

    async def stop(self) -> None:
        """Follow no more."""

    async def known(self) -> str:
        """Return the generation that is live once that is known for certain; raises `BrokerError`."""
        ...

    def generation(self) -> str:
        """Return the generation that is live, as far as is read."""
        ...


class OneGeneration:
    """The only generation of a broker in memory."""

    async def start(self) -> None:
        """Do nothing: it never changes."""

    async def stop(self) -> None:
        """Do nothing: nothing is open."""

    async def known(self) -> str:
        """Return the first generation."""
        return LIVE

    def generation(self) -> str:
        """Return the first generation."""
        return LIVE
