"""Pins images to digests: `name:tag` becomes `name:tag@sha256:...`, as docker's registry tells it now.

python deploy/docker/digests.py FILE...

Nothing is written unless every image is known: a file that is pinned by half looks as if it were pinned.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

# An image in a Compose file, in a Dockerfile, and the Dockerfile's own syntax; with a digest of before, if it has one.
_IMAGE = re.compile(r"(?m)^((?:\s*image:|FROM|# syntax=)\s*)([\w./-]+:[\w.-]+)(@sha256:[0-9a-f]{64})?(?=\s|$)")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
OURS = "liveline:"
"""Built here, so no registry has it."""


class UnknownImageError(Exception):
    """A digest can't be had; the message says of what and why."""


def images(text: str) -> list[str]:
    """Return the images that a file names, each once, without digests."""
    return list(dict.fromkeys(found[2] for found in _IMAGE.finditer(text) if not found[2].startswith(OURS)))


def pinned(text: str, digest_of: Callable[[str], str]) -> str:
    """Return a file's text with every image pinned, those that were pinned before as well."""
    digests = {image: digest_of(image) for image in images(text)}

    def pin(found: re.Match[str]) -> str:
        digest = digests.get(found[2])
        return f"{found[1]}{found[2]}@{digest}" if digest else found[0]

    return _IMAGE.sub(pin, text)


def ask_docker(image: str) -> str:
    """Return the digest of an image's manifest list: the same on every architecture."""
    command = ["docker", "buildx", "imagetools", "inspect", "--format", "{{.Manifest.Digest}}", image]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnknownImageError(f"{image}: docker does not answer ({error})") from error
    if done.returncode or not _DIGEST.fullmatch(done.stdout.strip()):
        raise UnknownImageError(f"{image}: {done.stderr.strip() or 'docker gave no digest'}")
    return done.stdout.strip()


def main(paths: list[str]) -> int:
    """Pin the images of files; 1 when one is not known, and then nothing is changed."""
    try:
        texts = {path: pinned(Path(path).read_text("utf-8"), ask_docker) for path in map(Path, paths)}
    except UnknownImageError as error:
        print(f"digests: {error}; nothing was changed", file=sys.stderr)
        return 1
    for path, text in texts.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
