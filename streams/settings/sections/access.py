"""Who may read, and from which web pages."""

from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from streams.settings.prefix import PREFIX
from streams.settings.values import Origins

_LEAST_SECRET_BYTES: Final = 32


class AccessSettings(BaseModel):
    """Subscribers' tokens, the admin's, and origins of web pages."""

    jwt_secret: SecretStr | None = Field(
        None,
        description="Verifies subscribers' tokens that are signed by HS256; 32 bytes or more. Never printed.",
    )
    jwt_jwks: str | None = Field(
        None,
        description="URL or file of the keys (a JWK set) that verify tokens signed by RS256, ES256 or EdDSA. Beside "
        "`LIVELINE_JWT_SECRET`, the token's `alg` chooses.",
        min_length=1,
    )
    jwt_issuer: str | None = Field(None, description="What a token's `iss` must be; absent: it is not looked at.")
    jwt_audience: str | None = Field(
        None, description="What a token's `aud` must be or hold; absent: it is not looked at."
    )
    admin_token: SecretStr | None = Field(
        None, description="An admin's token that is no JWT and does not expire. Never printed."
    )
    origins: Origins = Field(
        (),
        description="Origins of web pages, between commas (`https://www.example.org`), that may read with the cookie "
        "`liveline_token`; the gateway's own may anyway.",
    )

    @model_validator(mode="after")
    def _what_verifies(self) -> Self:
        if self.jwt_secret and (found := len(self.jwt_secret.get_secret_value().encode())) < _LEAST_SECRET_BYTES:
            raise ValueError(
                f"{PREFIX}JWT_SECRET: found {found} bytes; expected at least {_LEAST_SECRET_BYTES} (RFC 7518, 3.2), "
                "such as `openssl rand -base64 48` prints"
            )
        if self.jwt_jwks and "://" not in self.jwt_jwks and not Path(self.jwt_jwks).is_file():
            raise ValueError(f"{PREFIX}JWT_JWKS: no file {self.jwt_jwks!r}; expected a file or a URL of a JWK set")
        if self.jwt_jwks and "://" in self.jwt_jwks and not self.jwt_jwks.startswith(("https://", "http://")):
            raise ValueError(f"{PREFIX}JWT_JWKS: found {self.jwt_jwks.partition(':')[0]!r}; expected https://")
        return self
