"""Which addresses are fetched from."""

import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from streams.ingest.polling.internal_address import GuardedResolver, InternalAddressError, check_host, is_internal


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",  # noqa: S104
        "169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "192.0.2.1", "224.0.0.1", "239.1.2.3",
        "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "2002:7f00:1::", "2002:c0a8:101::1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1", "2001:0:7f00:1::", "2001:0:808:808::80ff:fffe",
    ],
)  # fmt: skip
def test_what_only_this_network_can_reach_is_internal(address: str) -> None:
    """Loopback, private, link-local, shared, reserved and multicast, also inside an IPv6 address."""
    assert is_internal(address)
    with pytest.raises(InternalAddressError, match="LIVELINE_POLL_INTERNAL"):
        check_host(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111", "::ffff:8.8.8.8",
        "64:ff9b::808:808", "2002:808:808::1",
    ],
)  # fmt: skip
def test_what_everybody_can_reach_is_not(address: str) -> None:
    """Public addresses pass, also those of a network that reaches IPv4 through NAT64."""
    assert not is_internal(address)
    check_host(address)


class Names(AbstractResolver):
    """Answers look-ups with the given addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.closed = False

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return them all."""
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        """Take note of it."""
        self.closed = True


async def test_a_name_is_connected_to_by_its_public_addresses_only() -> None:
    """What is handed to the connection is what was judged: the name is not looked up again."""
    resolver = GuardedResolver(Names("10.0.0.1", "1.1.1.1", "::1", "2606:4700::1111"))

    found = await resolver.resolve("news.test", 443)

    assert [each["host"] for each in found] == ["1.1.1.1", "2606:4700::1111"]


async def test_a_name_with_internal_addresses_only_is_refused() -> None:
    """The refusal names the host and what it means here."""
    names = Names("127.0.0.1")
    resolver = GuardedResolver(names)

    with pytest.raises(InternalAddressError, match=r"news\.test \(127\.0\.0\.1\) is an internal address"):
        await resolver.resolve("news.test", 443)

    await resolver.close()
    assert names.closed


def test_a_name_is_left_to_the_look_up() -> None:
    """Only what is written as an address can be judged before."""
    check_host("localhost")
