"""The sections make up the settings, each field in one of them."""

from collections import Counter

from pydantic import BaseModel

from streams.settings import Settings

SECTIONS: list[type[BaseModel]] = [
    base for base in Settings.__bases__ if base.__module__.startswith("streams.settings.")
]


def test_each_field_stands_in_one_section() -> None:
    """A second section with a field of the same name would take its default away."""
    fields = Counter(name for section in SECTIONS for name in section.model_fields)

    assert set(fields) == set(Settings.model_fields) - Settings.not_variables()
    assert set(fields.values()) == {1}


def test_the_order_is_that_of_the_sections() -> None:
    """The reference begins with Kafka and ends with the log; problems are told in the same order."""
    names = [name for section in reversed(SECTIONS) for name in section.model_fields]

    assert names == [name for name in Settings.model_fields if name not in Settings.not_variables()]
    assert (names[0], names[-1]) == ("kafka", "log_format")
