"""What is wanted of the topics, and what is said of those that differ."""

from dataclasses import replace

import pytest

from streams.runtime.kafka.topic_plan import FoundTopic, Plan, problems
from streams.topology import MAX_MESSAGE_BYTES, Names, Role

PLAN = Plan(partitions=6, replication=3)
ENTRIES = "liveline.entries"
LATEST = "liveline.entries.latest"


def as_wanted(plan: Plan = PLAN) -> dict[str, FoundTopic]:
    """Return a cluster on which all is as planned."""
    return {
        topic.name: FoundTopic(topic.name, topic.partitions, topic.replication, topic.config_with(topic.replication))
        for topic in plan.topics()
    }


def differing(name: str, config: dict[str, str] | None = None, **shape: int) -> dict[str, FoundTopic]:
    """Return a cluster on which one topic is another."""
    found = as_wanted()
    topic = found[name]
    found[name] = FoundTopic(
        name,
        shape.get("partitions", topic.partitions),
        shape.get("replication", topic.replication),
        {**topic.config, **(config or {})},
    )
    return found


def test_what_is_as_planned_has_no_problems() -> None:
    """Nothing is said of topics that are right."""
    assert problems(PLAN.topics(), as_wanted()) == ()


def test_missing_topics_are_made_by_create() -> None:
    """Each topic that isn't there is a problem that `create` puts right."""
    found = problems(PLAN.topics(), {})

    assert {problem.topic for problem in found} == {Names().of(role) for role in Role}
    assert all(problem.altered_by_create for problem in found)


def test_only_control_has_a_partition_count_of_its_own() -> None:
    """All topics but control share one count, so that what a document leads to stays in its partition."""
    counts = Plan(Names("x."), partitions=6).partition_counts()

    assert counts.pop("x.control") == 1
    assert set(counts.values()) == {6}


def test_an_empty_alerts_topic_with_too_few_partitions_is_grown() -> None:
    """It had one partition before alerts stood in their coverage's; nothing in it can be in the wrong place."""
    found = as_wanted()
    found["liveline.alerts"] = replace(found["liveline.alerts"], partitions=1, empty=True)

    (problem,) = problems(PLAN.topics(), found)

    assert (problem.topic, problem.what, problem.altered_by_create) == ("liveline.alerts", "partitions", True)


def test_an_alerts_topic_that_holds_alerts_is_left_to_a_person() -> None:
    """Alerts of one coverage would stand in two partitions."""
    (problem,) = problems(PLAN.topics(), differing("liveline.alerts", partitions=1))

    assert not problem.altered_by_create
    assert problem.remedy.startswith("delete liveline.alerts")


@pytest.mark.parametrize("count", [5, 7])
def test_another_partition_count_is_left_to_a_person(count: int) -> None:
    """Fewer or more partitions are named, never changed."""
    (problem,) = problems(PLAN.topics(), differing(ENTRIES, partitions=count))

    assert (problem.topic, problem.what, problem.found, problem.expected) == (ENTRIES, "partitions", str(count), "6")
    assert not problem.altered_by_create
    assert f"LIVELINE_PARTITIONS={count}" in problem.remedy


@pytest.mark.parametrize(
    ("topic", "setting", "found", "by_create"),
    [
        (ENTRIES, "retention.ms", "3600000", True),
        (ENTRIES, "max.message.bytes", "1048588", True),
        (ENTRIES, "compression.type", "producer", True),
        (ENTRIES, "min.insync.replicas", "1", True),
        (LATEST, "cleanup.policy", "delete", True),
        (LATEST, "cleanup.policy", "compact,delete", True),
        (ENTRIES, "cleanup.policy", "compact,delete", True),
        (ENTRIES, "cleanup.policy", "compact", False),
    ],
)
def test_a_setting_is_altered_only_when_nothing_is_lost(
    topic: str, setting: str, found: str, *, by_create: bool
) -> None:
    """Keeping longer, taking larger messages and ending a deletion are safe; to begin to delete is not."""
    (problem,) = problems(PLAN.topics(), differing(topic, {setting: found}))

    assert (problem.topic, problem.what, problem.found) == (topic, setting, found)
    assert problem.altered_by_create is by_create
    if not by_create:
        assert f"--entity-name {topic} --add-config {setting}=" in problem.remedy


@pytest.mark.parametrize(
    "config",
    [
        {"retention.ms": str(365 * 24 * 3600 * 1000)},
        {"retention.ms": "-1"},
        {"max.message.bytes": str(2 * MAX_MESSAGE_BYTES)},
        {"min.insync.replicas": "3"},
        {"segment.bytes": "1024"},
    ],
)
def test_more_than_we_ask_for_is_the_operators_choice(config: dict[str, str]) -> None:
    """Longer retention, larger messages, more copies in sync and settings of no concern to us are left alone."""
    assert problems(PLAN.topics(), differing(ENTRIES, config)) == ()


@pytest.mark.parametrize(("replication", "insync"), [(1, "1"), (2, "1"), (3, "2"), (5, "2")])
def test_how_many_copies_must_be_in_sync_follows_from_how_many_there_are(replication: int, insync: str) -> None:
    """Three copies bear the loss of one broker, for reading and for writing; fewer must not stop all writing."""
    topic = Plan(replication=replication).topics()[0]

    assert topic.config_with(replication)["min.insync.replicas"] == insync


def test_too_few_copies_are_named_and_left_to_a_person() -> None:
    """Copying data to other brokers is no business of ours."""
    told = problems(PLAN.topics(), differing(ENTRIES, replication=1))

    assert [(problem.what, problem.altered_by_create) for problem in told] == [("replication", False)]


def test_the_clusters_own_replication_is_never_wrong() -> None:
    """With replication left to the cluster, any number of copies is right."""
    plan = Plan(partitions=6)

    assert problems(plan.topics(), as_wanted()) == ()


def test_retention_can_be_set_by_role_but_not_for_compacted_topics() -> None:
    """A compacted topic keeps the newest of each key whatever the retention says."""
    plan = Plan(retention_ms={Role.RAW: 1000, Role.MEMORY: 1000})
    configs = {topic.name: topic.config for topic in plan.topics()}

    assert configs["liveline.raw"]["retention.ms"] == "1000"
    assert "retention.ms" not in configs["liveline.memory"]


def test_a_problem_reads_as_one_line() -> None:
    """A line says which topic, what was found, what was expected and what to do."""
    (problem,) = problems(PLAN.topics(), differing(ENTRIES, {"retention.ms": "1000"}))

    assert str(problem) == ("liveline.entries: retention.ms is 1000, expected 604800000: liveline topics create")
