"""Where the sinks of `liveline.yaml` send to: addresses with passwords in them."""

from pathlib import Path

from schemas.newsroom import Newsroom
from streams.settings import unknown_variables
from streams.settings.sink_addresses import read_sink_addresses

NEWSROOM = Newsroom.model_validate({"sinks": [{"id": "night-desk"}, {"id": "phone"}]})
NAME = "LIVELINE_SINK_NIGHT_DESK"
ADDRESS = "mailtos://user:password@example.org"


def test_an_address_comes_from_its_variable_or_from_a_file_and_is_never_shown(tmp_path: Path) -> None:
    """As container secrets are mounted; the other sink has none, which only a deliverer minds."""
    file = tmp_path / "address"
    file.write_text(f"{ADDRESS}\n")

    for environ in ({NAME: ADDRESS}, {f"{NAME}_FILE": str(file)}):
        addresses, problems = read_sink_addresses(environ, NEWSROOM)
        assert addresses["night-desk"].get_secret_value() == ADDRESS
        assert ("phone" in addresses, problems, "password" in repr(addresses)) == (False, [], False)
        assert unknown_variables(environ, NEWSROOM) == ()


def test_an_address_of_a_sink_that_is_not_there_is_no_setting() -> None:
    """A name with a slip does not go unseen."""
    assert unknown_variables({"LIVELINE_SINK_NIGHT_DEKS": ADDRESS}, NEWSROOM) == (
        f"LIVELINE_SINK_NIGHT_DEKS is no setting; did you mean {NAME}?",
    )
