"""Names of generations, and what they make of topics and groups."""

import pytest

from streams.generations.name import GenerationNameError, group_of, read_name
from streams.topology import TOPICS, Names, Role


def test_a_generation_has_its_own_of_what_the_agent_entries_writes() -> None:
    """Raw, alerts and control are shared."""
    names = Names("liveline.", "week")

    assert [names.of(role) for role in Role] == [
        "liveline.raw", "liveline.week.entries", "liveline.week.entries.latest", "liveline.week.memory",
        "liveline.alerts", "liveline.alerts.memory", "liveline.control", "liveline.week.dead-letters",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["week", "new-rules", "2026-05", "A_b", "x" * 40])
def test_a_name_is_letters_digits_hyphen_and_underscore(name: str) -> None:
    """Up to 40 of them."""
    assert read_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "-x", "a.b", "a b", "x" * 41, "live", "Live", "latest", *(t.role for t in TOPICS)]
)
def test_a_role_is_no_name(name: str) -> None:
    """Its topics would be others': `liveline.alerts.memory` is the rules' memory."""
    with pytest.raises(GenerationNameError):
        read_name(name)


def test_groups_of_two_prefixes_never_meet() -> None:
    """Each begins with liveline-NAME; the live one keeps the application's for ever."""
    assert group_of(Names("liveline.", "week"), "liveline") == "liveline-week"
    assert group_of(Names("test.", "week"), "liveline") == "liveline-week.test"
    assert group_of(Names("liveline.", "week-test"), "liveline") == "liveline-week-test"
    assert group_of(Names("test."), "newsroom") == "newsroom"
