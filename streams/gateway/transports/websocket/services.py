"""What all WebSockets of a gateway share."""

from dataclasses import dataclass

from streams.gateway.config import GatewayConfig
from streams.gateway.delivery.access import Authority
from streams.gateway.delivery.hub import Hub
from streams.gateway.http.coverages import KnownCoverages
from streams.gateway.metrics import GatewayMetrics


@dataclass(frozen=True, slots=True)
class Services:
    """See each."""

    hub: Hub
    config: GatewayConfig
    metrics: GatewayMetrics
    coverages: KnownCoverages
    authority: Authority
