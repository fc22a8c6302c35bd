"""The state database: what must not be lost. Webhooks, deliveries, leases, acknowledgements, mutes."""

from streams.archive.state.acknowledgements import Acknowledgement, Acknowledgements
from streams.archive.state.deliveries import Deliveries, MessageKind, NewDelivery, Outcome, PendingDelivery
from streams.archive.state.leases import Lease, LeaseLostError, Leases
from streams.archive.state.mutes import Mute, MuteKind, Mutes
from streams.archive.state.open import State, StateError, open_state
from streams.archive.state.positions import Positions
from streams.archive.state.seen_entries import Seen, SeenEntries
from streams.archive.state.sink_deliveries import SinkDeliveries, SinkDelivery, SinkStatus
from streams.archive.state.sink_states import SinkState, SinkStates
from streams.archive.state.webhooks import StoredWebhook, Webhooks

__all__ = [
    "Acknowledgement",
    "Acknowledgements",
    "Deliveries",
    "Lease",
    "LeaseLostError",
    "Leases",
    "MessageKind",
    "Mute",
    "MuteKind",
    "Mutes",
    "NewDelivery",
    "Outcome",
    "PendingDelivery",
    "Positions",
    "Seen",
    "SeenEntries",
    "SinkDeliveries",
    "SinkDelivery",
    "SinkState",
    "SinkStates",
    "SinkStatus",
    "State",
    "StateError",
    "StoredWebhook",
    "Webhooks",
    "open_state",
]
