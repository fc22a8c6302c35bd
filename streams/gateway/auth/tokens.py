"""Subscribers' tokens: JWTs that name what their holder may see, and the one admin token that is no JWT."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

import jwt

from streams.gateway.auth.access import Access, Visibility
from streams.gateway.auth.keys import ALGORITHMS, KeySet

_CLAIM: Final = "liveline"
_SKEW_SECONDS: Final = 5
"""How far ahead an issuer's clock may be; a token's end is exact."""
_MOST_PATTERNS: Final = 1000
_LONGEST_TOKEN_CHARS: Final = 16_384
_LONGEST_SUBJECT_CHARS: Final = 200
_ADMIN: Final = "admin"
"""Who the admin token is, which names nobody."""


class BadTokenError(ValueError):
    """A token that is not accepted; the message says why and quotes nothing of the token."""


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What tokens are verified by; without a secret, keys or an admin token every token is refused."""

    secret: str | None = None
    keys: KeySet | None = None
    issuer: str | None = None
    audience: str | None = None
    admin_token: str | None = None


@dataclass(frozen=True, slots=True)
class SubscriberTokens:
    """Judges tokens."""

    rules: TokenRules
    visibility: Visibility
    clock: Callable[[], datetime]

    @property
    def nobody(self) -> Access:
        """The access of a request without a token."""
        return Access(self.visibility)

    async def access(self, token: str) -> Access:
        """Return what a token allows; raises `BadTokenError` for one that is wrong or over."""
        if self._is_admin(token):
            return Access(self.visibility, alerts=True, admin=True, token=True, subject=_ADMIN)
        claims = await self._claims(token)
        try:
            expires_at = datetime.fromtimestamp(float(claims["exp"]), UTC)
        except (TypeError, ValueError, OverflowError, OSError) as error:
            raise BadTokenError("exp is no time") from error
        if expires_at <= self.clock():
            raise BadTokenError("the token has expired")
        subject = claims.get("sub")
        return replace(
            _rights(claims.get(_CLAIM, {}), self.visibility),
            expires_at=expires_at,
            subject=subject[:_LONGEST_SUBJECT_CHARS] if isinstance(subject, str) and subject else None,
        )

    def _is_admin(self, token: str) -> bool:
        if not self.rules.admin_token:
            return False
        digests = (sha256(each.encode("utf-8", "surrogateescape")).digest() for each in (token, self.rules.admin_token))
        return hmac.compare_digest(*digests)

    async def _claims(self, token: str) -> Mapping[str, Any]:
        if len(token) > _LONGEST_TOKEN_CHARS:
            raise BadTokenError("the token is too long")
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise BadTokenError("the token is no JWT") from error
        algorithm = header.get("alg")
        # The algorithm chooses among keys that are for it alone: a public key is never taken for a shared secret.
        if algorithm == "HS256" and self.rules.secret:
            return self._verified(token, self.rules.secret, "HS256")
        if algorithm in ALGORITHMS and self.rules.keys is not None:
            key_id = header.get("kid")
            for key in await self.rules.keys.find(algorithm, key_id if isinstance(key_id, str) else None):
                try:
                    return self._verified(token, key, algorithm)
                except _WrongSignatureError:
                    continue
            raise BadTokenError("the token's signature fits no key")
        raise BadTokenError("the token's alg is none that is accepted here")

    def _verified(self, token: str, key: Any, algorithm: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                issuer=self.rules.issuer,
                audience=self.rules.audience,
                leeway=_SKEW_SECONDS,
                options={"require": ["exp"], "verify_aud": self.rules.audience is not None},
            )
        except jwt.InvalidSignatureError as error:
            raise _WrongSignatureError("the token's signature is wrong") from error
        except jwt.ExpiredSignatureError as error:
            raise BadTokenError("the token has expired") from error
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise BadTokenError(_REASONS.get(type(error), "the token is not valid")) from error


class _WrongSignatureError(BadTokenError):
    """Another key may fit."""


_REASONS: Final = {
    jwt.InvalidAudienceError: "the token is for another audience",
    jwt.InvalidIssuerError: "the token is of another issuer",
    jwt.ImmatureSignatureError: "the token is not valid yet",
    jwt.MissingRequiredClaimError: "the token lacks a claim that is needed: exp, and iss and aud where these are set",
    jwt.InvalidIssuedAtError: "iat is no time",
}


def _rights(claim: Any, visibility: Visibility) -> Access:
    """Return what the claim `liveline` says; one of another form is a mistake of the issuer's, not a lesser right."""
    coverages = claim.get("coverages", []) if isinstance(claim, Mapping) else None
    if not isinstance(coverages, list) or not all(isinstance(each, str) for each in coverages):
        raise BadTokenError("the claim liveline is not as it should be; expected coverages, a list of patterns")
    if len(coverages) > _MOST_PATTERNS:
        raise BadTokenError(f"the claim liveline has more than {_MOST_PATTERNS:,} coverages")
    flags = {name: claim.get(name, False) for name in ("alerts", "admin")}
    if not all(isinstance(value, bool) for value in flags.values()):
        raise BadTokenError("the claim liveline is not as it should be; expected alerts and admin, true or false")
    admin = flags["admin"]
    return Access(visibility, tuple(coverages), alerts=flags["alerts"] or admin, admin=admin, token=True)
