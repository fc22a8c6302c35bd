"""Topics on a real Kafka: made, checked, altered where that loses nothing, told apart."""

import time
import uuid

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic, ResourceType

from streams.exceptions import BrokerError
from streams.runtime.kafka.admin import check_topics, create_topics, log_identity
from streams.runtime.kafka.connection import KafkaConnection
from streams.runtime.kafka.topic_plan import Plan
from streams.topology import TOPICS, Names

from real_kafka import RealKafka

pytestmark = pytest.mark.kafka


@pytest.fixture
def connection(kafka: RealKafka) -> KafkaConnection:
    """Return how the session's broker is reached."""
    return KafkaConnection(kafka.bootstrap)


@pytest.fixture
def plan() -> Plan:
    """Plan topics of the test's own."""
    return Plan(Names(f"t{uuid.uuid4().hex[:8]}."), partitions=3)


def test_create_makes_what_check_then_finds_right(connection: KafkaConnection, plan: Plan) -> None:
    """First all are missing, then all are made, then there is nothing to say and nothing to do."""
    before = check_topics(connection, plan)
    made = create_topics(connection, plan)
    again = create_topics(connection, plan)

    assert [problem.found for problem in before] == ["missing"] * len(TOPICS)
    assert made.created == tuple(plan.names.of(topic.role) for topic in TOPICS)
    assert (made.altered, made.left) == ((), ())
    assert (again.created, again.altered, again.left) == ((), (), ())
    assert check_topics(connection, plan) == ()


def test_a_short_retention_is_found_and_lengthened(connection: KafkaConnection, plan: Plan, kafka: RealKafka) -> None:
    """What can be altered without loss is altered; other settings that an operator made stay."""
    create_topics(connection, plan)
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    resource = ConfigResource(ResourceType.TOPIC, plan.names.entries)
    for name, value in (("retention.ms", "1000"), ("segment.bytes", "2000000")):
        resource.add_incremental_config(ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET))
    admin.incremental_alter_configs([resource])[resource].result(30)

    deadline = time.monotonic() + 30
    # The controller has it; the broker hears of it a moment later.
    while not (told := check_topics(connection, plan)) and time.monotonic() < deadline:
        time.sleep(0.05)
    (problem,) = told
    altered = create_topics(connection, plan).altered

    assert (problem.topic, problem.what, problem.found) == (plan.names.entries, "retention.ms", "1000")
    assert altered == (problem,)
    assert check_topics(connection, plan) == ()
    kept = admin.describe_configs([ConfigResource(ResourceType.TOPIC, plan.names.entries)])
    assert next(iter(kept.values())).result(30)["segment.bytes"].value == "2000000"


def test_another_partition_count_is_said_and_not_changed(connection: KafkaConnection, plan: Plan) -> None:
    """Asking for more partitions than there are names each topic that differs; only the empty alerts topic grows."""
    create_topics(connection, plan)
    more = Plan(plan.names, partitions=plan.partitions + 1)

    made = create_topics(connection, more)

    kept = {plan.names.of(topic.role) for topic in TOPICS if topic.co_partitioned} - {plan.names.alerts}
    assert {problem.topic for problem in made.left} == kept
    assert {(problem.what, problem.found, problem.expected) for problem in made.left} == {("partitions", "3", "4")}
    assert [(problem.topic, problem.what) for problem in made.altered] == [(plan.names.alerts, "partitions")]


def test_an_alerts_topic_that_holds_a_record_is_not_grown(
    connection: KafkaConnection, plan: Plan, kafka: RealKafka
) -> None:
    """Its alerts would stand in two partitions; a person decides, told in one line."""
    create_topics(connection, plan)
    producer = Producer({"bootstrap.servers": kafka.bootstrap})
    producer.produce(plan.names.alerts, b"an alert", partition=0)
    assert producer.flush(30) == 0

    left = create_topics(connection, Plan(plan.names, partitions=plan.partitions + 1)).left

    assert plan.names.alerts in {problem.topic for problem in left}


def test_a_topic_made_anew_has_another_identity(connection: KafkaConnection, plan: Plan, kafka: RealKafka) -> None:
    """The identity stays as long as the topic does, and differs from topic to topic and from life to life."""
    create_topics(connection, plan)
    first = log_identity(connection, plan.names.entries)

    assert log_identity(connection, plan.names.entries) == first
    assert log_identity(connection, plan.names.raw) != first

    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    admin.delete_topics([plan.names.entries])[plan.names.entries].result(30)
    # The controller has deleted it; the broker hears of it a moment later.
    deadline = time.monotonic() + 30
    while not check_topics(connection, plan) and time.monotonic() < deadline:
        time.sleep(0.05)
    create_topics(connection, plan)

    assert log_identity(connection, plan.names.entries) != first


def test_a_topic_that_is_not_there_has_no_identity(connection: KafkaConnection) -> None:
    """The error names the command that makes it."""
    with pytest.raises(BrokerError, match=r"there is no topic liveline\.none: liveline topics create"):
        log_identity(connection, "liveline.none")


def test_more_copies_than_brokers_is_said(connection: KafkaConnection, plan: Plan) -> None:
    """Kafka's own reason reaches the operator, with the address it came from."""
    with pytest.raises(BrokerError, match=r"127\.0\.0\.1:\d+ \(LIVELINE_KAFKA\): .*replication factor of 3"):
        create_topics(connection, Plan(plan.names, replication=3))


def test_a_closed_port_is_said() -> None:
    """With nothing at the address the error says so, and where that address comes from."""
    with pytest.raises(BrokerError, match=r"127\.0\.0\.1:9 \(LIVELINE_KAFKA\): .*refused"):
        check_topics(KafkaConnection("127.0.0.1:9"), Plan())


@pytest.mark.parametrize("replication", [-1, 3])
def test_three_copies_need_two_in_sync(three_kafkas: RealKafka, plan: Plan, replication: int) -> None:
    """Asked for or by the cluster's own default: with three copies, two must have a record before it counts."""
    connection = KafkaConnection(three_kafkas.bootstrap)
    plan = Plan(plan.names, partitions=2, replication=replication)
    create_topics(connection, plan)

    admin = AdminClient({"bootstrap.servers": three_kafkas.bootstrap})
    told = admin.describe_configs([ConfigResource(ResourceType.TOPIC, plan.names.raw)])

    assert next(iter(told.values())).result(30)["min.insync.replicas"].value == "2"
    assert check_topics(connection, Plan(plan.names, partitions=2, replication=3)) == ()


def test_what_was_made_by_hand_is_compared(connection: KafkaConnection, plan: Plan, kafka: RealKafka) -> None:
    """A compacted entries topic has lost revisions: that is told with a command, never changed silently."""
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    by_hand = NewTopic(plan.names.entries, 3, 1, config={"cleanup.policy": "compact"})
    admin.create_topics([by_hand])[plan.names.entries].result(30)

    done = create_topics(connection, plan)

    assert plan.names.entries not in done.created
    assert [(problem.topic, problem.what) for problem in done.left] == [(plan.names.entries, "cleanup.policy")]
    assert "kafka-configs.sh" in done.left[0].remedy
    assert check_topics(connection, plan) == done.left
