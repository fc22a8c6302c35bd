"""A real nginx for tests: `deploy/nginx/liveline.conf` with other ports and a certificate of its own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CONFIGURATION = Path(__file__).resolve().parents[1] / "deploy" / "nginx" / "liveline.conf"


class NginxMissing(Exception):  # noqa: N818  (a state of the machine)
    """This machine can't run nginx; the message says why."""


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _changed(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert text.count(old) == 1, f"deploy/nginx/liveline.conf no longer has {old!r} once"
        text = text.replace(old, new)
    return text


@contextmanager
def running_nginx(folder: Path, gateway_port: int) -> Iterator[str]:
    """Start nginx in front of a gateway on this machine and yield its address; it ends whatever happens."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        raise NginxMissing("no nginx on this machine")
    certificate, key = _certificate(folder)
    port = _free_port()
    (folder / "liveline.conf").write_text(
        _changed(
            CONFIGURATION.read_text(encoding="utf-8"),
            {
                "server 127.0.0.1:8080;": f"server 127.0.0.1:{gateway_port};",
                "listen 80;": f"listen 127.0.0.1:{_free_port()};",
                "    listen 443 ssl http2;": f"    listen 127.0.0.1:{port} ssl http2;",
                "/etc/ssl/live.example/fullchain.pem": str(certificate),
                "/etc/ssl/live.example/privkey.pem": str(key),
            },
        )
    )
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;"
        + ("user root;" if os.geteuid() == 0 else "")
        + f"events {{ worker_connections 256; }} http {{ access_log off; {temporary} include {folder}/liveline.conf; }}"
    )
    with (folder / "started").open("wb") as said:
        process = subprocess.Popen(
            [program, "-e", f"{folder}/errors", "-p", str(folder), "-c", str(folder / "nginx.conf")],
            stdout=said,
            stderr=said,
        )
    try:
        _wait(port, process, folder)
        yield f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nginx did not start: {(folder / 'errors').read_text()[-2000:]}")
