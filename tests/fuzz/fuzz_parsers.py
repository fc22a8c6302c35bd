"""Coverage-guided fuzzing of every registered parser (atheris, `pip install -e .[fuzz]`); not part of `make test`.

    python tests/fuzz/fuzz_parsers.py --seconds 60 [--parser feed ...]

Each parser runs in a process of its own from the project's samples. An input that makes it raise anything but
`ParseError`, or that takes longer than ten seconds, is kept in `tests/unit/parse/crashes/`, where a test replays it.
"""

import argparse
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
CRASHES = ROOT / "tests" / "unit" / "parse" / "crashes"
RECEIVED = datetime(2024, 3, 1, 22, 0, tzinfo=UTC)
SLOWEST = 10


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one parser until the time is up or something is found; does not return."""
    import atheris  # noqa: PLC0415  (only where it is installed)

    with atheris.instrument_imports(include=["streams.parse", "schemas"]):
        from schemas import Document, Source  # noqa: PLC0415
        from streams.exceptions import ParseError  # noqa: PLC0415
        from streams.parse import Limits, format_names, parse  # noqa: PLC0415

        format_names()
    source = Source.model_validate({"id": "fuzz", "timezone": "Europe/London"})
    limits = Limits(max_bytes=1 << 20)

    def one(data: bytes) -> None:
        document = Document.model_construct(
            id="d1",
            source_id="fuzz",
            coverage_id="fuzz",
            received_at=RECEIVED,
            content_type="application/octet-stream",
            body=data,
            url=None,
            format=name,
            traceparent=None,
        )
        try:
            for post in parse(document, source, limits).posts:
                post.to_json()
        except ParseError:
            return
        except Exception:
            (CRASHES / f"{name}-{sha1(data, usedforsecurity=False).hexdigest()[:12]}").write_bytes(data)
            raise

    with tempfile.TemporaryDirectory() as corpus:
        for sample in SAMPLES.rglob("*"):
            if sample.is_file() and sample.stat().st_size < 1 << 17:
                (Path(corpus) / sha1(sample.read_bytes(), usedforsecurity=False).hexdigest()).write_bytes(
                    sample.read_bytes()
                )
        options = [
            sys.argv[0], corpus, f"-max_total_time={seconds}", f"-timeout={SLOWEST}", "-max_len=65536", "-verbosity=0",
            "-print_final_stats=1", f"-artifact_prefix={CRASHES}/{name}-", "-rss_limit_mb=1500",
        ]  # fmt: skip
        atheris.Setup(options, one)
        atheris.Fuzz()


def main() -> int:
    """Fuzz the parsers one after the other; 1 when something was found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=60, help="for each parser")
    arguments.add_argument("--parser", action="append", help="only this one; may be given again")
    arguments.add_argument("--in-this-process", action="store_true", help=argparse.SUPPRESS)
    told = arguments.parse_args()
    sys.path.insert(0, str(ROOT))
    if told.in_this_process:
        fuzz(told.parser[0], told.seconds)
    from streams.parse import format_names  # noqa: PLC0415

    found = []
    for name in told.parser or format_names():
        print(f"== {name}, {told.seconds} s", flush=True)
        command = [sys.executable, __file__, "--in-this-process", "--parser", name, "--seconds", str(told.seconds)]
        if subprocess.run(command, check=False, cwd=ROOT).returncode:
            found.append(name)
    print(f"something was found in: {', '.join(found)}" if found else "nothing was found")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
