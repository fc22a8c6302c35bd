"""Whose address counts: the peer's, or what a proxy that is trusted says of its client."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Networks = Sequence[IPv4Network | IPv6Network]
_IPV6_CLIENT_BITS = 64
"""Of an IPv6 address, what one client has to itself; counted by whole addresses, it would have 2^64 places."""


def is_in(address: str, networks: Networks) -> bool:
    """Say whether an address is in one of the networks; what is no address is in none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found.version == network.version and found in network for network in networks)


def counted(address: str) -> str:
    """Return the name under which an address is counted."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, _IPV6_CLIENT_BITS), strict=False))
    return str(found)


def client_address(peer: str, forwarded_for: Sequence[str], trusted: Networks) -> str:
    """Return the client's address: the last one of `X-Forwarded-For` that is no trusted proxy's.

    What stands further to the left was sent by the client, who can write what it likes. An entry that is no address
    ends the search at the proxy that added it.
    """
    address = peer
    chain = [part.strip() for header in forwarded_for for part in header.split(",")]
    while chain and is_in(address, trusted):
        found = chain.pop()
        try:
            ip_address(found)
        except ValueError:
            return address
        address = found
    return address
