"""Every transport's behaviour, over real connections, on a log in memory."""

from pathlib import Path

import pytest
from delivery_behaviour import DeliveryBehaviour, Start
from fake_gateway import gateways


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Return what starts a gateway."""
    return gateways(tmp_path)


class TestOnALogInMemory(DeliveryBehaviour):
    """No Java is needed."""
