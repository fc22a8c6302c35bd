"""The mock cluster's C interface in the librdkafka that confluent-kafka brings along.

confluent-kafka itself only offers `test.mock.num.brokers`: topics of four partitions and groups that take 3 s to form.
The functions behind it, public in `rdkafka_mock.h`, give the partitions that are wanted and form groups at once.
"""

import ctypes
from typing import Final

from confluent_kafka import cimpl

from streams.exceptions import BrokerError

_Pointer: Final = ctypes.c_void_p
_Text: Final = ctypes.c_char_p
_Int: Final = ctypes.c_int

# Result and arguments, as in rdkafka.h and rdkafka_mock.h.
_SIGNATURES: Final = {
    "rd_kafka_conf_new": (_Pointer, ()),
    "rd_kafka_conf_set": (_Int, (_Pointer, _Text, _Text, _Text, ctypes.c_size_t)),
    "rd_kafka_new": (_Pointer, (_Int, _Pointer, _Text, ctypes.c_size_t)),
    "rd_kafka_destroy": (None, (_Pointer,)),
    "rd_kafka_err2str": (_Text, (_Int,)),
    "rd_kafka_mock_cluster_new": (_Pointer, (_Pointer, _Int)),
    "rd_kafka_mock_cluster_destroy": (None, (_Pointer,)),
    "rd_kafka_mock_cluster_bootstraps": (_Text, (_Pointer,)),
    "rd_kafka_mock_topic_create": (_Int, (_Pointer, _Text, _Int, _Int)),
    "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, (_Pointer, ctypes.c_int32)),
}


def load() -> ctypes.CDLL:
    """Return librdkafka with the functions' types set."""
    # The extension module is linked to librdkafka: looking a name up in it finds the library's, wherever that lies.
    library = ctypes.CDLL(cimpl.__file__)
    for name, (result, arguments) in _SIGNATURES.items():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise BrokerError(
                f"this confluent-kafka has no embedded broker ({name} is missing): "
                "install it from its wheel, or set LIVELINE_KAFKA to a real Kafka"
            ) from None
        function.restype, function.argtypes = result, arguments
    return library
