"""What our HTTP servers share: bounds on connections, malformed requests, whose address counts."""

from streams.runtime.http.connections import ConnectionLimits, Connections, Slot
from streams.runtime.http.site import GuardedSite, slot_of

__all__ = ["ConnectionLimits", "Connections", "GuardedSite", "Slot", "slot_of"]
