"""`liveline healthcheck`: whether the process of this machine or container is ready."""

import http.client
from typing import Final

import click

from streams.cli.output.errors import SOME_FAILED
from streams.exceptions import SettingsError
from streams.settings import load_settings
from streams.settings.values import Address

_SECONDS: Final = 3.0
_LONGEST_ANSWER_BYTES: Final = 4096
_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (where it listens, not where we do)
_BINDS: Final = {
    "gateway": "bind", "worker": "worker_bind", "poller": "poll_bind", "deliverer": "deliver_bind",
}  # fmt: skip


@click.command(epilog="Example:  LIVELINE_WORKER_BIND=0.0.0.0:9464 liveline healthcheck worker")
@click.argument("process", type=click.Choice(list(_BINDS)), default="gateway")
@click.pass_context
def healthcheck(ctx: click.Context, /, process: str) -> None:
    """Ask a process at its address, as the settings have it, for /readyz; exit with 0 if it is ready, else with 1.

    For containers: Docker's HEALTHCHECK, or an exec probe.
    """
    address: Address | None = getattr(load_settings(), _BINDS[process])
    if address is None:
        raise SettingsError(f"LIVELINE_{_BINDS[process].upper()}: not set; expected host:port, where {process} answers")
    if reason := _not_ready(address):
        click.echo(f"{process} at {address}: {reason}", err=True)
        ctx.exit(SOME_FAILED)


def _not_ready(address: Address) -> str | None:
    connection = http.client.HTTPConnection(_EVERYWHERE.get(address.host, address.host), address.port, timeout=_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        said = answer.read(_LONGEST_ANSWER_BYTES).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    return None if answer.status == http.HTTPStatus.OK else f"{answer.status} {said}"
