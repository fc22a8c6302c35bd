"""Who may push for which source."""

import pytest

from streams.ingest.tokens import Tokens, Verdict

TOKENS = Tokens({"evening-post": "öne", "radio-quay": "two", "wire-a": "shared", "wire-b": "shared", "unset": ""})


@pytest.mark.parametrize(
    ("source", "authorization", "verdict"),
    [
        ("evening-post", "Bearer öne", Verdict.ALLOWED),
        ("evening-post", "bearer  öne ", Verdict.ALLOWED),
        ("wire-b", "Bearer shared", Verdict.ALLOWED),
        ("evening-post", None, Verdict.UNKNOWN_TOKEN),
        ("evening-post", "Bearer", Verdict.UNKNOWN_TOKEN),
        ("evening-post", "Basic öne", Verdict.UNKNOWN_TOKEN),
        ("evening-post", "Bearer on", Verdict.UNKNOWN_TOKEN),
        ("evening-post", "Bearer \udcff", Verdict.UNKNOWN_TOKEN),
        ("unset", "Bearer ", Verdict.UNKNOWN_TOKEN),
        ("evening-post", "Bearer two", Verdict.OTHER_SOURCE),
        ("no-such-source", "Bearer two", Verdict.OTHER_SOURCE),
    ],
)
def test_a_token_opens_its_own_source_only(source: str, authorization: str | None, verdict: Verdict) -> None:
    """A source without a token has no empty one; an unknown source looks like another's."""
    assert TOKENS.judge(source, authorization) is verdict
