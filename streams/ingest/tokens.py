"""Who may push for which source: bearer tokens, compared in constant time."""

import hmac
from collections.abc import Mapping
from enum import Enum, auto
from hashlib import sha256


class Verdict(Enum):
    """Whether a request's token lets it push for a source."""

    ALLOWED = auto()
    UNKNOWN_TOKEN = auto()
    OTHER_SOURCE = auto()


class Tokens:
    """The sources' tokens, kept as digests."""

    def __init__(self, tokens: Mapping[str, str]) -> None:
        """Take a token for each source id."""
        self._digests = {source: sha256(token.encode()).digest() for source, token in tokens.items() if token}

    def judge(self, source: str, authorization: str | None) -> Verdict:
        """Say whether a request with this `Authorization` header may push for a source.

        Every token is compared, whichever fits, so that the time tells nothing. A source that is not configured
        gets the answer of another's source: who holds no token for it does not learn whether it exists.
        """
        scheme, _, presented = (authorization or "").partition(" ")
        digest = sha256(presented.strip().encode("utf-8", "surrogateescape")).digest()
        fits = [owner for owner, known in self._digests.items() if hmac.compare_digest(known, digest)]
        if scheme.lower() != "bearer" or not fits:
            return Verdict.UNKNOWN_TOKEN
        return Verdict.ALLOWED if source in fits else Verdict.OTHER_SOURCE
