"""What an agency writes to desks around its text."""

import pytest

from streams.parse.wires.desk_lines import DeskLines, part_desk_lines, part_plain_desk_lines

TEXT = "<p>QUAYSIDE (Agency) - Two people were hurt.</p>"


@pytest.mark.parametrize(
    ("html", "parted"),
    [
        (f"<p>(Adds quotes (from the mayor), background)</p><p>By Ana Reyes</p>{TEXT}",
         DeskLines(TEXT, "Adds quotes (from the mayor), background", ("Ana Reyes",))),
        (f"<div><p>Eds: With photos.</p>{TEXT}</div>", DeskLines(f"<div>{TEXT}</div>", "Eds: With photos.")),
        (f"<p>ATTENTION EDITORS - for May 25</p>{TEXT}", DeskLines(TEXT, "ATTENTION EDITORS - for May 25")),
        (f"<p>Embargoed until 12:00 GMT</p>{TEXT}", DeskLines(TEXT, "Embargoed until 12:00 GMT")),
        (f"<p>By ANA REYES and TOM FIELD, Evening Post</p>{TEXT}", DeskLines(TEXT, None, ("ANA REYES", "TOM FIELD"))),
        (f"{TEXT}<p>51 77 03 ABC01 1113 XYZ4800 GEST</p><p> </p>", DeskLines(TEXT)),
        (f"{TEXT}<p>ab/cd/efg</p>", DeskLines(TEXT)),
        (f"{TEXT}<p>ends</p>", DeskLines(TEXT)),
        ("<p>By Monday all was over</p><p>Two</p>", DeskLines("<p>By Monday all was over</p><p>Two</p>")),
        ("<p>(Two people were hurt.)</p><p>Two</p>", DeskLines("<p>(Two people were hurt.)</p><p>Two</p>")),
        ("<p>NORTH 3 SOUTH 1</p>", DeskLines("<p>NORTH 3 SOUTH 1</p>")),
        ("", DeskLines("")),
        (None, DeskLines("")),
    ],
)  # fmt: skip
def test_lines_to_desks_are_no_text(html: str | None, parted: DeskLines) -> None:
    """Notes, bylines and codes before and after the text are apart from it; sentences stay."""
    assert part_desk_lines(html) == parted


def test_plain_text_is_parted_too() -> None:
    """What has no such line stays as it is, to the last character."""
    text, desk = part_plain_desk_lines("(Updates toll)\n\nTwo people & a dog were hurt.")

    assert (text, desk.note) == ("Two people & a dog were hurt.", "Updates toll")
    assert part_plain_desk_lines("Two people.\n\nA  dog.")[0] == "Two people.\n\nA  dog."
