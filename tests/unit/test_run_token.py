"""The token that `up` and the demo make for one run."""

from typing import Any

import pytest
from pydantic import SecretStr

from streams.bootstrap.run_token import with_run_token
from streams.settings import Address, Settings


@pytest.mark.parametrize(
    ("host", "configured", "made"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("localhost", {}, True),
        ("0.0.0.0", {}, False),  # noqa: S104
        ("192.0.2.7", {}, False),
        ("127.0.0.1", {"admin_token": SecretStr("own")}, False),
        ("127.0.0.1", {"jwt_secret": SecretStr("s" * 32)}, False),
        ("127.0.0.1", {"jwt_jwks": "https://desk.example/keys"}, False),
    ],
)
def test_a_token_is_made_for_this_machine_alone(host: str, configured: dict[str, Any], *, made: bool) -> None:
    """Where others reach the gateway, or its own tokens are configured, none is made."""
    settings = Settings(bind=Address(host, 8080), **configured)

    told, token = with_run_token(settings)

    assert (token is not None) is made
    if token is not None:
        assert told.admin_token is not None
        assert told.admin_token.get_secret_value() == token
        assert with_run_token(settings)[1] != token
    else:
        assert told == settings
