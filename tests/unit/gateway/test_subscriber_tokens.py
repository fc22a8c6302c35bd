"""Which tokens count, and what they allow."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
import structlog
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from streams.gateway.auth.access import Access, Visibility
from streams.gateway.auth.keys import KeySet, KeysUnavailableError
from streams.gateway.auth.tokens import BadTokenError, SubscriberTokens, TokenRules

SECRET = "s" * 32
ADMIN = "admin-token"
VISIBILITY = Visibility(frozenset({"open-day"}), frozenset({"harbour-fire", "election"}))
RSA, EC, ED = (
    rsa.generate_private_key(65537, 2048),
    ec.generate_private_key(ec.SECP256R1()),
    ed25519.Ed25519PrivateKey.generate(),
)
PEM = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def key_set(folder: Path) -> KeySet:
    """Write a key set with a key of each kind, and a symmetric one that must not count."""
    keys: list[dict[str, Any]] = [
        {**jwt.algorithms.RSAAlgorithm.to_jwk(RSA.public_key(), as_dict=True), "kid": "rsa"},
        {**jwt.algorithms.ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "ec"},
        {**jwt.algorithms.OKPAlgorithm.to_jwk(ED.public_key(), as_dict=True), "kid": "ed"},
        {**jwt.algorithms.HMACAlgorithm.to_jwk(b"k" * 32, as_dict=True), "kid": "oct"},
    ]
    path = folder / "keys.json"
    path.write_text(json.dumps({"keys": keys}))
    return KeySet(str(path), structlog.get_logger())


def judge(**rules: Any) -> SubscriberTokens:
    """Return what judges by these rules."""
    return SubscriberTokens(TokenRules(**rules), VISIBILITY, lambda: datetime.now(UTC))


def claims(**others: Any) -> dict[str, Any]:
    """Return claims that hold for an hour."""
    return {"exp": time.time() + 3600, "liveline": {"coverages": ["harbour-*"]}, **others}


def signed(key: Any = SECRET, algorithm: str = "HS256", kid: str | None = None, **others: Any) -> str:
    """Return a token with these claims."""
    return jwt.encode(claims(**others), key, algorithm, headers={"kid": kid} if kid else None)


async def test_a_token_opens_what_its_patterns_name_beside_what_is_public() -> None:
    """A pattern's star stands for any characters; other coverages stay closed, also one that nobody configured."""
    access = await judge(secret=SECRET).access(signed())

    seen = [access.may_read(each) for each in ("open-day", "harbour-fire", "election", "harbour-nobody-configured")]
    assert seen == [True, True, False, False]
    assert (access.alerts, access.admin) == (False, False)
    assert access.coverages == {"open-day", "harbour-fire"}


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "RS256"), (EC, "ES256"), (ED, "EdDSA")])
@pytest.mark.parametrize("with_kid", [True, False])
async def test_each_kind_of_key_verifies_its_own_tokens(
    tmp_path: Path, key: Any, algorithm: str, *, with_kid: bool
) -> None:
    """The header's algorithm chooses, with a key id or without."""
    kid = {"RS256": "rsa", "ES256": "ec", "EdDSA": "ed"}[algorithm]

    access = await judge(keys=key_set(tmp_path), secret=SECRET).access(
        signed(key, algorithm, kid if with_kid else None)
    )

    assert access.may_read("harbour-fire")


def _none() -> str:
    return jwt.encode(claims(), None, "none")


def _without_exp() -> str:
    return jwt.encode({"liveline": {}}, SECRET, "HS256")


def _hmac(key: bytes, header: Mapping[str, Any] | None = None) -> str:
    """Sign by HMAC without a library's own checks, for example with a public key's text, which everybody has."""

    def part(value: Mapping[str, Any]) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    message = part(header or {"alg": "HS256", "typ": "JWT", "kid": "rsa"}) + b"." + part(claims())
    return (message + b"." + base64.urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).rstrip(b"=")).decode()


BAD: Mapping[str, Callable[[], str]] = {
    "no JWT": lambda: "x",
    "empty": lambda: "",
    "not ASCII": lambda: "é.é.é",
    "deep header": lambda: base64.urlsafe_b64encode(b"[" * 9000).decode() + ".e30.x",
    "endless": lambda: "a" * 100_000,
    "alg none": _none,
    "alg none in capitals": lambda: _hmac(b"", {"alg": "NONE"}),
    "alg is a list": lambda: _hmac(SECRET.encode(), {"alg": ["HS256"]}),
    "another secret": lambda: signed("x" * 32),
    "HS256 by the public key": lambda: _hmac(PEM),
    "HS256 by the set's symmetric key": lambda: signed("k" * 32, kid="oct"),
    "HS512": lambda: signed("s" * 64, "HS512"),
    "RS384": lambda: signed(RSA, "RS384", "rsa"),
    "RS256 under another key's id": lambda: signed(RSA, "RS256", "ec"),
    "RS256 by a strange key": lambda: signed(rsa.generate_private_key(65537, 2048), "RS256", "rsa"),
    "ES256 of another key": lambda: signed(ec.generate_private_key(ec.SECP256R1()), "ES256", "ec"),
    "expired": lambda: signed(exp=time.time() - 1),
    "expires now": lambda: signed(exp=time.time()),
    "exp is text": lambda: signed(exp="tomorrow"),
    "exp is endless": lambda: signed(exp=float("inf")),
    "without exp": _without_exp,
    "not yet": lambda: signed(nbf=time.time() + 60),
    "issued in the future": lambda: signed(iat=time.time() + 60),
    "no rights but text": lambda: signed(liveline="admin"),
    "admin is text": lambda: signed(liveline={"admin": "false"}),
    "coverages is text": lambda: signed(liveline={"coverages": "harbour-fire"}),
    "the admin token's beginning": lambda: "admin-toke",
}


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_token_counts_for_nothing(tmp_path: Path, kind: str) -> None:
    """Whatever is wrong with it, the answer is the same error, which holds nothing of the token."""
    token = BAD[kind]()

    with pytest.raises(BadTokenError) as caught:
        await judge(secret=SECRET, keys=key_set(tmp_path), admin_token=ADMIN).access(token)

    assert len(token) < 3 or token not in str(caught.value)


@pytest.mark.parametrize(
    ("rules", "given", "good"),
    [
        ({"issuer": "https://desk.example"}, {"iss": "https://desk.example"}, True),
        ({"issuer": "https://desk.example"}, {"iss": "https://desk.example.org"}, False),
        ({"issuer": "https://desk.example"}, {}, False),
        ({"audience": "liveline"}, {"aud": "liveline"}, True),
        ({"audience": "liveline"}, {"aud": ["web", "liveline"]}, True),
        ({"audience": "liveline"}, {"aud": "web"}, False),
        ({"audience": "liveline"}, {}, False),
        ({}, {"aud": "web", "iss": "anybody"}, True),
    ],
)
async def test_issuer_and_audience_are_checked_where_they_are_set(
    rules: dict[str, Any], given: dict[str, Any], *, good: bool
) -> None:
    """A token that lacks what is asked for is as wrong as one with another value."""
    judged = judge(secret=SECRET, **rules).access(signed(**given))
    if good:
        assert (await judged).token
    else:
        with pytest.raises(BadTokenError):
            await judged


async def test_the_admin_token_sees_everything_and_does_not_expire() -> None:
    """A coverage that nobody configured, too."""
    access = await judge(admin_token=ADMIN).access(ADMIN)

    assert access.admin
    assert access.alerts
    assert access.may_read("harbour-nobody-configured")
    assert access.expires_at is None


async def test_without_secret_and_keys_no_token_is_good() -> None:
    """Also an empty one, where no admin token is set."""
    for token in ("", signed(), signed(RSA, "RS256")):
        with pytest.raises(BadTokenError):
            await judge(admin_token="").access(token)


async def test_keys_are_read_anew_when_a_token_names_another(tmp_path: Path) -> None:
    """An issuer changes its keys without a restart of ours; strangers can't make us ask once a token."""
    now = 0.0
    path = tmp_path / "keys.json"
    path.write_text('{"keys": []}')
    keys = KeySet(str(path), structlog.get_logger(), lambda: now)
    tokens = judge(keys=keys)
    token = signed(RSA, "RS256", "rsa")
    with pytest.raises(BadTokenError):
        await tokens.access(token)
    key_set(tmp_path)

    with pytest.raises(BadTokenError):
        await tokens.access(token)
    now = 11.0
    assert (await tokens.access(token)).token

    # What was read once is kept when the file is gone.
    path.unlink()
    now = 1000.0
    assert (await tokens.access(token)).token


@asynccontextmanager
async def an_issuer(answer: Callable[[], web.Response]) -> AsyncIterator[tuple[str, list[str]]]:
    """Run a server that hands out keys; returns their address, and what was asked."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return answer()

    app = web.Application()
    app.router.add_get("/{name}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/keys", asked
    finally:
        await runner.cleanup()


async def test_keys_come_from_an_address_once_for_many_tokens(tmp_path: Path) -> None:
    """Whoever asks at the same time waits for one answer; until it is five minutes old nobody asks again."""
    key_set(tmp_path)
    content = (tmp_path / "keys.json").read_bytes()

    async with an_issuer(lambda: web.Response(body=content)) as (url, asked):
        tokens = judge(keys=KeySet(url, structlog.get_logger()))
        found = await asyncio.gather(*(tokens.access(signed(EC, "ES256", "ec")) for _ in range(20)))

    assert all(access.token for access in found)
    assert asked == ["/keys"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(status=302, headers={"Location": "/elsewhere"}),
        lambda: web.Response(status=500),
        lambda: web.Response(text="no JSON"),
        lambda: web.Response(text="[]"),
        lambda: web.Response(text='{"keys": "none"}'),
        lambda: web.Response(body=b'{"keys": [' + b" " * 300_000 + b"]}"),
        lambda: web.Response(body=b"[" * 200_000),
    ],
)
async def test_an_issuer_that_answers_nonsense_has_no_keys(answer: Callable[[], web.Response]) -> None:
    """It is not followed elsewhere, nor read without end; no token is taken as good or bad by it."""
    async with an_issuer(answer) as (url, asked):
        with pytest.raises(KeysUnavailableError):
            await judge(keys=KeySet(url, structlog.get_logger())).access(signed(EC, "ES256", "ec"))

    assert asked == ["/keys"]


async def test_keys_that_can_not_be_used_are_passed_over(tmp_path: Path) -> None:
    """A weak key, one for encryption, a broken one and one of another curve leave the good ones as they are."""
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505
    good = {**jwt.algorithms.ECAlgorithm.to_jwk(EC.public_key(), as_dict=True), "kid": "ec"}
    rsa_jwk = jwt.algorithms.RSAAlgorithm.to_jwk
    keys = [
        7,
        {"kty": "RSA", "n": "?", "e": "AQAB"},
        {**rsa_jwk(weak.public_key(), as_dict=True), "kid": "weak"},
        {**rsa_jwk(RSA.public_key(), as_dict=True), "kid": "rsa", "use": "enc"},
        {**good, "crv": "P-384"},
        good,
    ]
    path = tmp_path / "keys.json"
    path.write_text(json.dumps({"keys": keys}))
    tokens = judge(keys=KeySet(str(path), structlog.get_logger()))

    assert (await tokens.access(signed(EC, "ES256", "ec"))).token
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyJWT warns who signs with a weak key
        by_weak = signed(weak, "RS256", "weak")
    for token in (by_weak, signed(RSA, "RS256", "rsa")):
        with pytest.raises(BadTokenError):
            await tokens.access(token)


async def test_without_any_keys_read_a_token_can_not_be_judged(tmp_path: Path) -> None:
    """That is our fault and no bad token: whoever asks may come again."""
    with pytest.raises(KeysUnavailableError):
        await judge(keys=KeySet(str(tmp_path / "none"), structlog.get_logger())).access(signed(RSA, "RS256"))


@pytest.mark.parametrize(
    ("pattern", "coverage", "fits"),
    [
        ("*", "a", True),
        ("a-*-c", "a-b-c", True),
        ("a-*-c", "a-b-cd", False),
        ("a*", "A-1", False),
        ("a.b", "axb", False),
        ("a?", "ab", False),
        ("[ab]", "a", False),
        ("*a" * 30 + "b", "a" * 100, False),
    ],
)
def test_only_a_star_is_special_in_a_pattern(pattern: str, coverage: str, *, fits: bool) -> None:
    """And many of them cost no time."""
    visibility = Visibility(hidden=frozenset({coverage}))

    assert Access(visibility, (pattern,), token=True).may_read(coverage) is fits


async def test_without_a_newsroom_file_everything_is_public() -> None:
    """Somebody tries Liveline."""
    nobody = SubscriberTokens(TokenRules(), Visibility(open=True), lambda: datetime.now(UTC)).nobody

    assert nobody.may_read("anything")
    assert nobody.coverages == frozenset()


def test_a_filter_of_somebody_who_sees_nothing_lets_nothing_through() -> None:
    """An empty set of coverages means all of them, so it must not stand for none."""
    nobody = SubscriberTokens(TokenRules(), Visibility(hidden=frozenset({"a"})), lambda: datetime.now(UTC)).nobody

    assert nobody.coverages
    assert "a" not in nobody.coverages
