"""A real PostgreSQL for tests: one of its own, in a folder of its own, on a socket in it and no port."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

_PLACES = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"), Path("/usr/bin"))
_NAMES = count()


class PostgresMissing(Exception):  # noqa: N818  (a state of the machine)
    """This machine can't run PostgreSQL; the message says why."""


class RealPostgres:
    """A running server; each database of it is a test's own."""

    def __init__(self, programs: Path, folder: Path, user: str) -> None:
        self._programs = programs
        self._folder = folder
        self._user = user

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"state{next(_NAMES)}"
        self.run("createdb", "-h", str(self._folder), name)
        return f"postgresql://{self._user}@/{name}?host={self._folder}"

    def run(self, program: str, *options: str) -> None:
        """Run one of PostgreSQL's programs as the server's owner; root may not be that."""
        as_owner = {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []}
        with (self._folder / "errors").open("ab") as errors:
            done = subprocess.run(
                [str(self._programs / program), *options],
                cwd=self._folder,
                stdout=subprocess.DEVNULL,  # the server would keep a pipe open
                stderr=errors,
                check=False,
                timeout=120,
                **(as_owner if os.geteuid() == 0 else {}),
            )
        if done.returncode:
            raise RuntimeError(f"{program}: {(self._folder / 'errors').read_text()[-1000:]}")


@contextmanager
def running_postgres() -> Iterator[RealPostgres]:
    """Start a server, hand it over, and end it and its data whatever happened."""
    programs = next((place for place in _PLACES if (place / "initdb").exists()), None)
    if programs is None:
        raise PostgresMissing("no initdb in /usr/lib/postgresql/*/bin nor in /usr/bin")
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        folder.chmod(0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        server = RealPostgres(programs, folder, user)
        data = str(folder / "data")
        server.run("initdb", "-D", data, "-U", user, "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        server.run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield server
        finally:
            server.run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
