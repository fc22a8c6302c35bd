"""Polling of sources, and the address under which hubs reach us."""

from datetime import timedelta

from pydantic import BaseModel, Field

from streams.settings.values import Bind, Duration


class PollSettings(BaseModel):
    """Where the poller listens, and how polite it is."""

    poll_bind: Bind | None = Field(
        None,
        description="`host:port` of `liveline poll` for health, metrics and hubs' calls; absent: it listens nowhere. "
        "Within `liveline up` the gateway does it.",
    )
    poll_internal: bool = Field(
        default=False,
        description="Poll internal addresses, too (loopback, private, link-local). Off: a redirect or a hub that a "
        "page names must not reach what only this network can.",
    )
    poll_timeout: Duration = Field(
        timedelta(seconds=30),
        description="For one request, from connecting to its last byte.",
        ge=timedelta(milliseconds=100),
    )
    poll_host_connections: int = Field(
        1, description="Requests to one host at a time, over all sources; more is impolite.", ge=1, le=16
    )
    poll_host_gap: Duration = Field(
        timedelta(seconds=1),
        description="Between two requests to one host, over all sources.",
        ge=timedelta(0),
    )
    poll_homepage: str | None = Field(
        None,
        description="Address that tells a publisher who polls; it stands in the user agent. Give one.",
        pattern=r"^https?://[!-~]+$",
    )
    public_url: str | None = Field(
        None,
        description="Base address under which others reach the gateway; links in feeds begin with it. "
        "With it, sources that name a WebSub hub are "
        "subscribed to, and polled less; absent: they are only polled.",
        pattern=r"^https?://[!-~]+$",
    )
