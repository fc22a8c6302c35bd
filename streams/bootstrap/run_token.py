"""An admin token for one run of `up` or the demo: the editors' page opens without any set-up."""

import ipaddress
import secrets

from pydantic import SecretStr

from streams.gateway.routes import ROUTES
from streams.settings import Settings


def with_run_token(settings: Settings) -> tuple[Settings, str | None]:
    """Return settings with a token for this run, if the gateway is this machine's alone and none is configured."""
    configured = settings.admin_token or settings.jwt_secret or settings.jwt_jwks
    if configured or not _is_loopback(settings.bind.host):
        return settings, None
    token = secrets.token_urlsafe(32)
    return settings.model_copy(update={"admin_token": SecretStr(token)}), token


def desk_address(url: str, token: str | None) -> str | None:
    """Return the editors' page with the token in its address, or None without one or without such a page."""
    has_desk = any(route.path == "/desk" for route in ROUTES)
    return f"{url}/desk?access_token={token}" if token and has_desk else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
