"""`liveline diff` on a real Kafka: what other rules would change."""

import json
from typing import Any

import pytest
from generations_harness import Bench, until

pytestmark = pytest.mark.kafka

OLD = """
coverages:
  - {id: fire, country: GB, sources: [{id: post}, {id: wire}, {id: radio}]}
"""
NEW = """
coverages:
  - id: fire
    country: GB
    near_duplicates: false
    names: [{type: place, name: Zarnfleet, country: GB, latitude: 53.1, longitude: -1.2}]
    sources: [{id: post}, {id: wire}, {id: radio, timezone: Europe/Berlin}]
"""


def write(bench: Bench, source: str, number: int, **post: Any) -> None:
    """Push a post."""
    headers = {
        "ce_specversion": "1.0", "ce_id": f"{source}-{number}", "ce_source": source, "ce_subject": "fire",
        "ce_type": "liveline.document.v1", "ce_time": f"2026-05-01T12:{number:02}:00Z",
        "content-type": "application/vnd.liveline.post+json",
    }  # fmt: skip
    bench.write(bench.names.raw, {"id": f"p{number}", **post}, key="fire", headers=headers)


SAME = "Firefighters from six stations have contained the blaze on the eastern quay, the harbour authority said."


def test_counts_examples_and_exit_codes(bench: Bench) -> None:
    """Content, clusters and enrichment by what other rules say; nothing by the same ones."""
    old, new = bench.folder / "old.yaml", bench.folder / "new.yaml"
    old.write_text(OLD)
    new.write_text(NEW)
    write(bench, "post", 1, headline="The harbour is closed")
    write(bench, "post", 2, headline="Smoke over Zarnfleet", body_text="Smoke hangs over Zarnfleet tonight.")
    write(bench, "post", 3, body_text=SAME)
    write(bench, "wire", 4, body_text=SAME)
    with bench.running("worker", LIVELINE_CONFIG=str(old)):
        until(lambda: bench.lines("reprocess", "--list")[0]["unread"] == 0)

    assert bench.run("reprocess", "same", "--config", str(old)).returncode == 0
    same = bench.run("diff", "same", "--json")
    assert bench.run("reprocess", "rules", "--config", str(new)).returncode == 0
    found = bench.run("diff", "rules", "--json")
    shown = bench.run("diff", "rules")
    write(bench, "post", 9, headline="Nobody has processed this yet")
    assert bench.run("reprocess", "rules", "--config", str(new)).returncode == 0
    ahead = bench.run("diff", "rules", "--json")

    counts = {
        "only_live": 0,
        "only_same": 0,
        "content": 0,
        "clusters": 0,
        "enrichment": 0,
        "same": 4,
        "not_compared": 0,
    }
    assert (same.returncode, json.loads(same.stdout)) == (0, {"counts": counts, "examples": []}), same.stderr
    told = json.loads(found.stdout)
    assert found.returncode == 1
    assert told["counts"] == {
        "only_live": 0, "only_rules": 0, "content": 0, "clusters": 2, "enrichment": 1, "same": 1, "not_compared": 0,
    }  # fmt: skip
    by_kind = {example["kind"]: example for example in told["examples"]}
    assert by_kind["enrichment"]["headline"] == "Smoke over Zarnfleet"
    assert by_kind["enrichment"]["other"]["places"][0]["name"] == "Zarnfleet"
    assert "Smoke over Zarnfleet" in shown.stdout
    assert "2  other reports of the same" in shown.stdout
    assert shown.returncode == 1
    assert json.loads(ahead.stdout)["counts"]["not_compared"] == 1


def test_what_is_no_generation_is_wrong_use(bench: Bench) -> None:
    """Exit 2, with where the names are."""
    done = bench.run("diff", "week")

    assert (done.returncode, "there is no such generation" in done.stderr) == (2, True)
    assert bench.run("diff", "entries").returncode == 2
    assert bench.run("diff", "week", LIVELINE_KAFKA="embedded").returncode == 2
