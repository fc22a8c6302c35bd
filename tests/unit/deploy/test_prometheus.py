"""Alert rules and dashboard: they name only metrics that exist, and fire when they should."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
RULES = ROOT / "deploy" / "prometheus"
GRAFANA = ROOT / "deploy" / "grafana"
_NAME = re.compile(r"\bliveline_[a-z_]+")
_PARTS = re.compile(r"_(bucket|sum|count)$")


def known() -> set[str]:
    """Return the metrics of the reference, which is made from the code."""
    return set(re.findall(r"^\| `(liveline_[a-z_]+)`", (ROOT / "docs" / "metrics.md").read_text(), re.MULTILINE))


def named(text: str) -> set[str]:
    """Return the metrics that a query names; a histogram by its own name."""
    return {_PARTS.sub("", name) for name in _NAME.findall(text)}


def rules() -> list[dict[str, object]]:
    """Return all alert rules."""
    groups = yaml.safe_load((RULES / "rules.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_rules_name_metrics_that_exist() -> None:
    """A renamed metric would silence its alert for ever."""
    assert not named(" ".join(str(rule["expr"]) for rule in rules())) - known()


def test_each_rule_says_what_to_read() -> None:
    """A page that exists in this repository."""
    for rule in rules():
        annotations = rule["annotations"]
        assert isinstance(annotations, dict)
        assert set(annotations) == {"summary", "description", "runbook"}, rule["alert"]
        assert (ROOT / annotations["runbook"]).is_file(), rule["alert"]


def test_rules_fire_when_they_should() -> None:
    """An outage minute by minute, by Prometheus' own tool."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing: install prometheus")
    done = subprocess.run(
        [promtool, "test", "rules", "rules.test.yml"], cwd=RULES, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    checked = subprocess.run(
        [promtool, "check", "config", "prometheus.yml"], cwd=RULES, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_dashboard_is_what_its_code_makes() -> None:
    """The JSON is made, not edited."""
    made = subprocess.run([sys.executable, "dashboard.py"], cwd=GRAFANA, capture_output=True, text=True, check=True)
    assert made.stdout == (GRAFANA / "liveline.json").read_text()


def test_the_dashboard_names_metrics_that_exist() -> None:
    """A panel without data looks like a quiet evening."""
    panels = json.loads((GRAFANA / "liveline.json").read_text())["panels"]
    queries = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    assert queries
    assert not named(" ".join(queries)) - known()


@pytest.mark.parametrize("unit", sorted((ROOT / "deploy" / "systemd").glob("*.service")), ids=lambda unit: unit.stem)
def test_a_systemd_unit_is_valid_and_runs_a_command_of_ours(unit: Path) -> None:
    """As systemd itself reads it; where that is missing, by what the file says."""
    command = re.search(r"^ExecStart=/opt/liveline/bin/liveline (\w+)$", unit.read_text(), re.MULTILINE)
    assert command is not None
    assert unit.stem == f"liveline-{command[1]}"
    helped = subprocess.run(
        [sys.executable, "-m", "streams", command[1], "--help"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert helped.returncode == 0, helped.stderr
    if analyze := shutil.which("systemd-analyze"):
        verified = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)
        complaints = [line for line in verified.stderr.splitlines() if "is not executable" not in line]
        assert not [line for line in complaints if unit.name in line], verified.stderr
