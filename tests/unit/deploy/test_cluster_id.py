"""What `deploy/kafka/kafka start` makes before any process runs."""

import base64
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def test_a_cluster_id_is_one_that_storage_tool_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands for 16 bytes and never begins as an option does."""
    monkeypatch.syspath_prepend(str(ROOT / "deploy" / "kafka"))
    import cluster  # noqa: PLC0415  (the script's own modules, found by their folder)

    ids = [cluster.make(tmp_path / str(number), 1, 9092).cluster_id for number in range(300)]
    assert all(len(base64.urlsafe_b64decode(f"{each}==")) == 16 for each in ids)
    assert not [each for each in ids if each.startswith("-")]
    sys.modules.pop("cluster")
