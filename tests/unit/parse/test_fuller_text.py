"""One text told twice, by a page's metadata and by its markup."""

import pytest

from streams.parse.html.safe import html_to_text
from streams.parse.pages.fuller_text import better_html

FIRST = "The north quay is shut since the early morning, the fire brigade says."
SECOND = "Ferries wait outside the harbour until the smoke is gone."
THIRD = "Nobody knows yet how the fire began in the old warehouse."


@pytest.mark.parametrize(
    ("stated", "shown", "text"),
    [
        (FIRST[:40], f"<p>{FIRST}</p>", FIRST),
        (f"{FIRST} {SECOND}", f"<p>{FIRST}</p><p>{SECOND}</p>", f"{FIRST}\n\n{SECOND}"),
        (f"{FIRST} These are:", f"<p>{FIRST}</p><p>These are:</p><ul><li>one</li><li>two</li></ul>",
         f"{FIRST}\n\nThese are:\n\none\n\ntwo"),
        (f"{FIRST}{SECOND}", f"<p>{FIRST}</p><p>{SECOND}</p><p>\u2014 </p>", f"{FIRST}\n\n{SECOND}"),
        (f"{FIRST}\n\n{SECOND}", f"<p>{FIRST} <a href='https://example.org/'>{SECOND}</a></p>", None),
        (f"{FIRST}\n\n{SECOND}", f"<p>{FIRST}</p><p>{SECOND}</p><div>Ana Reyes</div>", None),
        (f"{FIRST}\n\n{SECOND}", f"<p>{FIRST}</p><p><b>{SECOND}</b></p><div>Ana Reyes</div>", f"{FIRST}\n\n{SECOND}"),
        (FIRST, f"<p>{FIRST}</p><p>{SECOND} {THIRD} {SECOND} {THIRD}</p>",
         f"{FIRST}\n\n{SECOND} {THIRD} {SECOND} {THIRD}"),
        (FIRST, f"<p>{FIRST}</p><p>{SECOND}</p>", f"{FIRST}\n\n{SECOND}"),
        (FIRST, f"<p>{THIRD}</p>", None),
        (None, f"<p>{THIRD}</p>", THIRD),
    ],
)  # fmt: skip
def test_the_better_text_wins(stated: str | None, shown: str, text: str | None) -> None:
    """Markup wins where the stated text is cut, run together or plain; the page's own after it is left out."""
    html = better_html(stated, shown)

    assert (html_to_text(html) if html else None) == text
