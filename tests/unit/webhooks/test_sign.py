"""Signatures, by the standard's own example and its own package."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from streams.webhooks.secrets import key_of, new_secret
from streams.webhooks.sign import signed_headers


def test_the_standards_example() -> None:
    """The specification's secret, id, time and body give its signature."""
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.text(max_size=200), st.integers(1, 3))
def test_each_secret_verifies(text: str, count: int) -> None:
    """A receiver that has one of the secrets finds its signature among the others."""
    secrets = [new_secret() for _ in range(count)]
    body = orjson.dumps({"data": text.encode("utf-8", "replace").decode()})
    headers = signed_headers("entry:1", datetime.now(UTC), body, secrets)

    for secret in secrets:
        assert Webhook(secret).verify(body, headers) == orjson.loads(body)


def test_an_old_time_is_told_by_the_receiver() -> None:
    """The time is signed: a delivery that somebody kept can't be sent again later."""
    secret = new_secret()
    headers = signed_headers("entry:1", datetime.now(UTC) - timedelta(hours=1), b"{}", [secret])

    with pytest.raises(Exception, match="too old"):
        Webhook(secret).verify(b"{}", headers)


@pytest.mark.parametrize(
    "wrong", ["", "whsec_", "whsec_abc", "abc", "whsec_" + "A" * 100, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
)
def test_a_secret_that_is_none_is_refused_without_being_shown(wrong: str) -> None:
    """The message says what was expected."""
    with pytest.raises(ValueError, match=r"expected whsec_ and 24 to 64 bytes") as caught:
        key_of(wrong)
    assert not wrong or wrong == "whsec_" or wrong not in str(caught.value)
