"""The gateway's port, and the bounds of its connections."""

from datetime import timedelta

from pydantic import BaseModel, Field

from streams.settings.values import Address, Bind, Duration, Proxies


class GatewaySettings(BaseModel):
    """Where the gateway listens, and how many connections it holds for how long."""

    bind: Bind = Field(
        Address("127.0.0.1", 8080),
        description="`host:port` of the gateway. This machine only, until you say otherwise (`0.0.0.0:8080`).",
    )
    gateway_connections: int = Field(
        20_000,
        description="Connections that a gateway holds, streams included. Fewer where the process may not have so many "
        "open files (`ulimit -n`, of which 64 are kept for other things); the log says so. When all are taken, one "
        "that has not sent a whole request makes room.",
        ge=8,
    )
    gateway_connections_per_address: int = Field(
        2_000,
        description="Of one client address (of IPv6, a /64), at most three quarters of all: an office or a proxy "
        "shares one. Behind a proxy see `LIVELINE_TRUSTED_PROXIES`.",
        ge=1,
    )
    gateway_head_timeout: Duration = Field(
        timedelta(seconds=10),
        description="From connecting to the end of the first request's head.",
        ge=timedelta(milliseconds=100),
    )
    gateway_body_timeout: Duration = Field(
        timedelta(seconds=90),
        description="For a pushed document's body: the largest one, 8 MiB, over 1 Mbit/s takes 67 s.",
        ge=timedelta(milliseconds=100),
    )
    gateway_stall_timeout: Duration = Field(
        timedelta(seconds=20),
        description="A client that reads nothing of what is waiting for it is dropped after so long; a subscriber "
        "comes back with its cursor.",
        ge=timedelta(seconds=1),
    )
    trusted_proxies: Proxies = Field(
        (),
        description="Addresses or networks of proxies in front of the gateway, between commas (`10.0.0.0/8, ::1`). "
        "Their `X-Forwarded-For` says who the client is: its last address that is not among these.",
    )
