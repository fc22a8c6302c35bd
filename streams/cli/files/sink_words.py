"""Where alerts were sent, from the state database."""

from collections.abc import Collection
from pathlib import Path

from sqlalchemy import make_url

from streams.archive.state import SinkDeliveries, SinkDelivery, open_state
from streams.settings import Settings


def sink_words(settings: Settings, alert_ids: Collection[str]) -> dict[str, list[SinkDelivery]]:
    """Return what became of each alert at each sink, in the order in which it came there.

    Where nothing was ever delivered there is no state database, and none is made by looking. Raises `StateError`.
    """
    url = make_url(settings.state) if settings.state.startswith("sqlite") else None
    if url is not None and not Path(url.database or "").exists():
        return {}
    state = open_state(settings.state)
    try:
        return SinkDeliveries(state).of_alerts(alert_ids)
    finally:
        state.close()
