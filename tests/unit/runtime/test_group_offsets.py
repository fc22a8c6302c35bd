"""What a group has committed, asked while its coordinator moves: on librdkafka's own mock of a broker."""

import subprocess
import sys

_PROGRAM = """
import ctypes

from confluent_kafka import KafkaException

from streams.embedded.broker import EmbeddedBroker
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.group_offsets import read_offsets, write_offsets

OFFSET_COMMIT, OFFSET_FETCH, NOT_COORDINATOR = 8, 9, 16

broker = EmbeddedBroker()
connection = KafkaConnection(broker.start({"log": 2}))
refuse = broker._library.rd_kafka_mock_push_request_errors_array
refuse.argtypes = (ctypes.c_void_p, ctypes.c_int16, ctypes.c_size_t, ctypes.c_void_p)
refuse(broker._cluster, OFFSET_FETCH, 2, (ctypes.c_int * 2)(NOT_COORDINATOR, NOT_COORDINATOR))
refuse(broker._cluster, OFFSET_COMMIT, 2, (ctypes.c_int * 2)(NOT_COORDINATOR, NOT_COORDINATOR))

def ask(what, *arguments):
    while True:
        try:
            return what(connection, "readers", "log", *arguments)
        except KafkaException as error:
            print(error.args[0].name())


print(ask(read_offsets, [0, 1], 30))
ask(write_offsets, {0: 7})
print(ask(read_offsets, [0, 1], 30))
print(ask(read_offsets, [], 30))
broker.stop()
"""


def test_a_coordinator_that_moves_ends_no_process() -> None:
    """In a process of its own: asked by the administration client, librdkafka ended it with SIGSEGV."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [*2 * ["NOT_COORDINATOR"], "{}", "{0: 7}", "{}"]
