"""A sink's address as a target, or what is wrong with it; the address itself is never shown."""

from streams.exceptions import LivelineError
from streams.sinks.targets.by_apprise import AppriseTarget
from streams.sinks.targets.by_print import PrintTarget
from streams.sinks.targets.target import Target


class AddressError(LivelineError):
    """The address names no service that can be used."""


def target_of(sink: str, address: str) -> Target:
    """Return where an address leads; raises `AddressError`, which names its scheme at most."""
    scheme, colon, rest = address.strip().partition(":")
    if scheme == "print":
        if rest not in {"", "stderr", "stdout"}:
            raise AddressError(
                "found print: with something else behind it; expected print:, print:stderr or print:stdout"
            )
        return PrintTarget(sink, rest or "stderr")
    target = AppriseTarget.of(address.strip()) if colon else None
    if target is None:
        found = f"a URL that begins with {scheme}:" if colon and scheme.isalnum() else "a value that is not shown"
        raise AddressError(
            f"found {found}, which Apprise can't use; expected print: or a URL such as "
            "mailtos://USER:PASSWORD@example.org (https://appriseit.com/services/)"
        )
    return target
