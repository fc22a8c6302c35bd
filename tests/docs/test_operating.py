"""What the page for operators names is what processes say."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
METRICS = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "streams").rglob("*.py")))

NAMED_METRICS = sorted(set(re.findall(r"`(liveline_[a-z_]+)`", PAGE)))
NAMED_EVENTS = sorted(set(re.findall(r"`((?:partition|group|archive|deliver|hub)\.[a-z_]+)`", PAGE)))
ANCHORS = sorted(set(re.findall(r"\]\(#([a-z-]+)\)", PAGE)))
SAID_BY_READINESS = [
    "the worker is joining its group",
    "partitions are being taken over: ",
    "the gateway is starting",
    "has not read yet what the log held when it began",
    "Kafka is not reached (",
    "Kafka has not answered for more than ",
    "the archive can't be used; ",
]


@pytest.mark.parametrize("name", NAMED_METRICS)
def test_every_metric_that_the_page_names_exists(name: str) -> None:
    """Who is told to look at a number finds it; docs/metrics.md is made from the code."""
    assert f"| `{name}` |" in METRICS


@pytest.mark.parametrize("event", NAMED_EVENTS)
def test_every_log_event_that_the_page_names_is_logged(event: str) -> None:
    """Who is told to search the log finds something."""
    assert f'"{event}"' in CODE


@pytest.mark.parametrize("reason", SAID_BY_READINESS)
def test_reasons_are_told_in_the_words_of_the_code(reason: str) -> None:
    """Who searches the page for what `/readyz` says finds it."""
    assert reason in PAGE
    assert reason in CODE


@pytest.mark.parametrize("anchor", ANCHORS)
def test_every_heading_that_is_linked_exists(anchor: str) -> None:
    """A link within the page leads to its heading."""
    headings = {
        re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    }

    assert anchor in headings


def test_the_page_names_metrics_and_events() -> None:
    """If none were recognised, the tests above would hold nothing."""
    assert len(NAMED_METRICS) > 8
    assert len(NAMED_EVENTS) > 4
