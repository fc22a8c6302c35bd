"""Java, and the jars that Maven fetches once into the user's cache."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from failure import Missing

HERE = Path(__file__).resolve().parent
POM = HERE / "pom.xml"
NEEDED = 17


def java() -> str:
    """Return the path of a Java that can run Kafka 4."""
    home = os.environ.get("JAVA_HOME")
    path = str(Path(home, "bin", "java")) if home else shutil.which("java")
    if path is None or not os.access(path, os.X_OK):
        raise Missing(f"Java is missing: install Java {NEEDED} or newer, or set JAVA_HOME")
    told = subprocess.run([path, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    if found is None or int(found[1]) < NEEDED:
        raise Missing(f"{path} is Java {found[1] if found else '?'}: Kafka needs Java {NEEDED} or newer")
    return path


def classpath() -> str:
    """Return the jars as a class path; fetch them if they aren't in the cache."""
    return f"{_jars()}/*"


def _jars() -> Path:
    # Another pom.xml is another folder, so a new Kafka version never mixes with the old one's jars.
    name = f"kafka-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "liveline"
    jars = cache / name
    if jars.is_dir():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("Maven is missing: install Maven (mvn), which fetches Kafka's jars once")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        fetched = Path(folder, "jars")
        command = [maven, "--quiet", "--batch-mode", "--file", str(POM), "dependency:copy-dependencies"]
        options = ["-DincludeScope=runtime", f"-DoutputDirectory={fetched}"]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        if done.returncode:
            errors = [line for line in done.stdout.splitlines() if "ERROR" in line] or ["no error was printed"]
            raise Missing(f"Maven could not fetch Kafka's jars: {errors[0]}")
        # Renaming is one step: a second start at the same time never sees half of the jars.
        try:
            fetched.rename(jars)
        except OSError:
            if not jars.is_dir():
                raise
    return jars
