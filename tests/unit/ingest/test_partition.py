"""A coverage's partition is the one that every other client gives it."""

import pytest
from aiokafka.partitioner import DefaultPartitioner, murmur2


@pytest.mark.parametrize(
    ("key", "hash_"),
    [
        # The vectors of the Java client's own UtilsTest.testMurmur2.
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_aiokafkas_partitioner_is_the_java_clients(key: bytes, hash_: int) -> None:
    """Java's murmur2, made positive by its lowest 31 bits, modulo the number of partitions."""
    assert murmur2(key) == hash_ % 2**32

    for count in (1, 4, 12, 100):
        partitions = list(range(count))
        assert DefaultPartitioner()(key, partitions, partitions) == (hash_ & 0x7FFFFFFF) % count
