"""How the pages of some newsrooms come out of a browser as text, in words of our own."""

import pytest

from schemas import Document, Post, Source
from streams.parse import parse
from tests.unit.parse.plain_text.habits import RECEIVED

SCREEN_READER = """\
Live Reporting
Edited by Ana Reyes
All times stated are UK

Posted at 18:30 1 March 202418:30 1 March 2024
Fire is out
The fire is out, the brigade says.

Posted at 17:12 1 March17:12 1 March
BreakingBreaking
Smoke over the harbour
A large column of smoke is seen.
Copyright: Reuters
Image caption: Smoke over the north quay

Posted at 16:59
Tom Okafor
Harbour correspondent
First reports come in.
"""
TWO_ZONES = """\
1 Mar 2024 - 15:20(15:20 GMT)
Fire is out, brigade says
The fire at the quay is out.

1 Mar 2024 - 14:05(14:05 GMT)
Smoke is seen
A column of smoke is seen over the harbour.
"""
BYLINES = """\
7:42 p.m. GMT, March 1, 2024
Brigade says fire is out
From CNN's Ana Reyes and Tom Okafor

The fire is out, the brigade says.

6:15 p.m. GMT, March 1, 2024
Mayor speaks to reporters
From CNN's Ben Sand in Wrackham

The mayor spoke at 6 p.m.
"""
PAGE_DATE = """\
Friday 1 March 2024 18:42, UK
LIVE
Harbour fire: latest

18:30:15
Brigade: fire is out

The brigade says the fire is out.

17:12:02
Smoke over the harbour

Smoke is seen from afar.
"""
AGES = """\
Harbour fire live: three engines on the quay

Key events
2h ago Fire brigade called
1h ago Under control

14.32 GMT
Under control

The fire at Shed 4 is under control.

13.58 GMT
Fire brigade called

Smoke was seen at 1.55pm.
"""
FRENCH = """\
Incendie du port: le direct

18 h 42
Le feu est éteint
Les pompiers annoncent la fin de l’incendie.

17 h 05
Les pompiers sur place
Trois engins sont sur le quai.
"""


def read(text: str) -> list[Post]:
    """Return the posts but the lead."""
    document = Document(
        id="d1",
        source_id="evening-post",
        coverage_id="harbour-fire",
        received_at=RECEIVED,
        content_type="text/plain",
        body=text.encode(),
    )
    parsed = parse(document, Source(id="evening-post", timezone="Europe/London"))
    assert parsed.format == "plain-text"
    return list(parsed.posts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            SCREEN_READER,
            [
                ("18:30", "Fire is out", "The fire is out, the brigade says.", ()),
                ("17:12", "Smoke over the harbour", "A large column of smoke is seen.", ()),
                ("16:59", None, "First reports come in.", ("Tom Okafor",)),
            ],
        ),
        (
            TWO_ZONES,
            [
                ("15:20", "Fire is out, brigade says", "The fire at the quay is out.", ()),
                ("14:05", "Smoke is seen", "A column of smoke is seen over the harbour.", ()),
            ],
        ),
        (
            BYLINES,
            [
                (
                    "19:42",
                    "Brigade says fire is out",
                    "The fire is out, the brigade says.",
                    ("Ana Reyes", "Tom Okafor"),
                ),
                ("18:15", "Mayor speaks to reporters", "The mayor spoke at 6 p.m.", ("Ben Sand",)),
            ],
        ),
        (
            PAGE_DATE,
            [
                ("18:30", "Brigade: fire is out", "The brigade says the fire is out.", ()),
                ("17:12", "Smoke over the harbour", "Smoke is seen from afar.", ()),
            ],
        ),
        (
            AGES,
            [
                ("14:32", "Under control", "The fire at Shed 4 is under control.", ()),
                ("13:58", "Fire brigade called", "Smoke was seen at 1.55pm.", ()),
            ],
        ),
        (
            FRENCH,
            [
                ("18:42", "Le feu est éteint", "Les pompiers annoncent la fin de l’incendie.", ()),
                ("17:05", "Les pompiers sur place", "Trois engins sont sur le quai.", ()),
            ],
        ),
    ],
    ids=["told twice", "two zones", "from CNN's", "page's own date", "ages of key events", "h between blanks"],
)
def test_a_newsrooms_page_comes_out_whole(
    text: str, expected: list[tuple[str, str | None, str, tuple[str, ...]]]
) -> None:
    """Every post with its clock on the day, headline, body and writers; nothing else is a post."""
    posts = read(text)

    assert [
        (f"{post.published_at:%H:%M}", post.headline, post.body_text, post.authors)
        for post in posts
        if post.kind == "post"
    ] == expected
    assert {f"{post.published_at:%d %B}" for post in posts if post.kind == "post"} == {"01 March"}


def test_a_credit_may_stand_before_its_caption() -> None:
    """They are one picture."""
    (picture,) = read(SCREEN_READER)[1].media

    assert (picture.caption, picture.credit) == ("Smoke over the north quay", "Reuters")
