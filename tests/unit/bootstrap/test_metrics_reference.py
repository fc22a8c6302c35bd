"""The page about metrics says what the metrics say."""

import ast
from pathlib import Path

from streams.bootstrap.metrics_reference import metrics_reference

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "metrics.md"


def _named_in_the_code() -> set[str]:
    """Return the name of every Prometheus metric that is made anywhere in `streams/`."""
    names = set()
    for path in (ROOT / "streams").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                if (
                    node.func.id in {"Counter", "Gauge", "Histogram", "Summary", "Info"}
                    and isinstance(first, ast.Constant)
                    and str(first.value).startswith("liveline_")
                ):
                    names.add(str(first.value).removesuffix("_total"))
    return names


def test_the_page_is_made_from_the_metrics() -> None:
    """Who changes a metric renews the page: python -m streams.bootstrap.metrics_reference > docs/metrics.md."""
    assert PAGE.read_text(encoding="utf-8") == metrics_reference()


def test_every_metric_is_on_the_page() -> None:
    """A metric that is made in a class which the page does not know is still missed here."""
    page = PAGE.read_text(encoding="utf-8")
    names = _named_in_the_code()

    assert len(names) > 20
    assert {name for name in names if f"| `{name}` |" not in page and f"| `{name}_total` |" not in page} == set()


def test_a_row_says_type_labels_and_what_to_do() -> None:
    """An operator who sees a name in a graph finds under it what it counts by and where to look."""
    page = metrics_reference()

    assert (
        "| `liveline_dead_letters_total` | counter | `source`, `stage` | Dead letters, by source and stage. A rise: "
        "`liveline dlq list`. Sources after the first 500 that a worker has letters of are `other`. |" in page
    )
    assert "| `liveline_lag_records` | gauge | `agent`, `partition` | " in page
    assert "| `liveline_pipeline_seconds` | histogram | none | " in page
