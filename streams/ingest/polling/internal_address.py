"""Which addresses are fetched from: a feed's redirect or hub must not reach what only this machine's network can.

A host name is looked up once and each of its addresses judged; the connection goes to what was judged, so that a name
that means another address a moment later (DNS rebinding) gains nothing.
"""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_NAT64: Final = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_UNICAST: Final = ip_network("2000::/3")
"""All of IPv6 that is assigned to anybody; `is_global` passes what is not, such as the old site-local fec0::/10."""
_PROTOCOLS: Final = ip_network("192.0.0.0/24")
_LOW_32: Final = 0xFFFFFFFF
POLL_SETTING: Final = "LIVELINE_POLL_INTERNAL"


class InternalAddressError(Exception):
    """A host that is not on the public internet; no `OSError`, which aiohttp would take for a failed look-up."""


Judge = Callable[[str], bool]
"""Says whether an IP address is internal."""


def is_internal(address: str) -> bool:
    """Say whether an IP address is anything but a public one: loopback, private, link-local, reserved, multicast.

    Also when it is written as an IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64).
    """
    found = ip_address(address.partition("%")[0])
    if "%" in address:  # a scope: link-local
        return True
    carried = _carried(found) if isinstance(found, IPv6Address) else None
    if carried is not None:
        return any(_internal(each) for each in carried)
    return _internal(found)


def _internal(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return True
    return not address.is_global or address.is_multicast or address.is_reserved or address in _PROTOCOLS


def _carried(address: IPv6Address) -> list[IPv4Address] | None:
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    if address.sixtofour:
        return [address.sixtofour]
    if address.teredo:
        return list(address.teredo)
    if any(address in network for network in _NAT64):
        return [IPv4Address(int(address) & _LOW_32)]
    return None


def check_host(host: str, judge: Judge = is_internal, setting: str = POLL_SETTING) -> None:
    """Raise `InternalAddressError` for a host that is written as an internal IP address; names pass."""
    try:
        internal = judge(host)
    except ValueError:
        return
    if internal:
        raise InternalAddressError(_refusal(host, host, setting))


def _refusal(host: str, address: str, setting: str) -> str:
    where = host if host == address else f"{host} ({address})"
    return f"{where} is an internal address; {setting}=true allows it"


class GuardedResolver(AbstractResolver):
    """Looks names up and gives public addresses only."""

    def __init__(
        self, lookup: AbstractResolver | None = None, judge: Judge = is_internal, setting: str = POLL_SETTING
    ) -> None:
        """Take a resolver (by default the system's), the rule for internal addresses, and the setting that lifts it."""
        self._setting = setting
        self._lookup = lookup or ThreadedResolver()
        self._judge = judge

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the public addresses of a host; raises `InternalAddressError` where there are none."""
        found = await self._lookup.resolve(host, port, family)
        public = [each for each in found if not self._judge(each["host"])]
        if found and not public:
            raise InternalAddressError(_refusal(host, found[0]["host"], self._setting))
        return public

    async def close(self) -> None:
        """Close the resolver that it asks."""
        await self._lookup.close()
