"""Several processes begin with the files that take long."""

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
FILES = {
    "test_a.py": "def test_1(): pass\ndef test_2(): pass",
    "test_b.py": "import pytest\n@pytest.mark.kafka\ndef test_1(): pass\ndef test_2(): pass",
    "test_c.py": "import pytest\npytestmark = [pytest.mark.kafka, pytest.mark.chaos]\ndef test_1(): pass",
}
MARKERS = "[pytest]\nmarkers =\n    kafka: x\n    chaos: x\n"
HOOK = """
from long_first import long_first

def pytest_collection_modifyitems(items):
    items[:] = long_first(items)
"""


def test_files_with_long_tests_come_first_and_stay_whole(tmp_path: Path) -> None:
    """Chaos, then Kafka, then the rest; a quick test of a file that has a long one stays beside it."""
    for name, text in {
        **FILES,
        "pytest.ini": MARKERS,
        "conftest.py": f"import sys\nsys.path.insert(0, {str(TESTS)!r}){HOOK}",
    }.items():
        (tmp_path / name).write_text(text)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip

    listed = [line for line in done.stdout.splitlines() if "::" in line]
    assert listed == [
        f"test_{name}" for name in ("c.py::test_1", "b.py::test_1", "b.py::test_2", "a.py::test_1", "a.py::test_2")
    ]
