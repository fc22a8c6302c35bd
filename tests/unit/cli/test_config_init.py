"""`liveline config init`, completion, and `liveline healthcheck` without a process."""

import os
import subprocess
import sys
from pathlib import Path


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a user does, without the settings of whoever runs the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LIVELINE_", "_LIVELINE_"))}
    command = (Path(sys.executable).parent / "liveline", *arguments)
    return subprocess.run(
        command, cwd=folder, env={**own, **more}, capture_output=True, text=True, timeout=60, check=False
    )


def test_what_init_writes_passes_the_check(tmp_path: Path) -> None:
    """With a coverage and a source, as it stands."""
    written = run(tmp_path, "config", "init")
    checked = run(tmp_path, "config", "check")

    assert (written.returncode, written.stdout) == (0, "")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "evening-post  polled every 15s" in checked.stdout


def test_what_it_keeps_in_comments_is_right_too(tmp_path: Path) -> None:
    """Whoever takes the marks away has a file that passes: the pushed source, the rule and the webhook."""
    run(tmp_path, "config", "init")
    path = tmp_path / "liveline.yaml"
    text = path.read_text()
    for empty, mark in (("alerts: []\n", "alerts:\n"), ("webhooks: []\n", "webhooks:\n")):
        text = text.replace(empty, mark)
    for comment in ("# - id: people-hurt", "#   when:", "# - id: site", "#   url:", "#   filter:", "# - id: radio-quay",
                    "# country:", "# public:", "# closed:", "# names:", "#   - {type", "# identity:", "# complete:",
                    "# format:"):  # fmt: skip
        assert comment in text
        text = text.replace(comment, comment.removeprefix("# "))
    path.write_text(text)
    secret = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    told = {"LIVELINE_TOKEN_RADIO_QUAY": "token-of-the-quay", "LIVELINE_WEBHOOK_SECRET_SITE": secret}
    checked = run(tmp_path, "config", "check", **told)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert "radio-quay  pushes, has a token" in checked.stdout


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """Exit code 2, and not a byte is changed."""
    path = tmp_path / "mine.yaml"
    path.write_text("coverages: []\n")
    again = run(tmp_path, "config", "init", "mine.yaml")

    assert (again.returncode, "mine.yaml is there already" in again.stderr) == (2, True)
    assert path.read_text() == "coverages: []\n"


def test_completion_works_as_documented(tmp_path: Path) -> None:
    """The script for each shell, and what bash asks for while somebody types."""
    for shell in ("bash", "zsh", "fish"):
        script = run(tmp_path, _LIVELINE_COMPLETE=f"{shell}_source")
        assert (script.returncode, "_LIVELINE_COMPLETE" in script.stdout) == (0, True), shell
    asked = run(tmp_path, _LIVELINE_COMPLETE="bash_complete", COMP_WORDS="liveline sta", COMP_CWORD="1")
    chosen = run(tmp_path, _LIVELINE_COMPLETE="bash_complete", COMP_WORDS="liveline replay --topic ra", COMP_CWORD="3")

    assert asked.stdout.splitlines() == ["plain,status"]
    assert chosen.stdout.splitlines() == ["plain,raw"]


def test_a_process_that_does_not_answer_is_not_healthy(tmp_path: Path) -> None:
    """1 and why; 2 where no address is configured."""
    away = run(tmp_path, "healthcheck", LIVELINE_BIND="127.0.0.1:1")
    nowhere = run(tmp_path, "healthcheck", "worker")

    assert (away.returncode, "ConnectionRefused" in away.stderr) == (1, True)
    assert (nowhere.returncode, "LIVELINE_WORKER_BIND" in nowhere.stderr) == (2, True)
