"""A language as a source names it, in BCP 47."""

import re
from typing import Final

_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|\d{3}))?")


def language_tag(text: str | None) -> str | None:
    """Return `en-GB` for `en_gb`, or None if the text is no language tag."""
    if not text or not _TAG.fullmatch(text := text.strip()):
        return None
    first, *others = re.split("[-_]", text)
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in others)])  # noqa: PLR2004
