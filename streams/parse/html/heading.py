"""A heading with which a post's HTML begins: its headline, where the API has no field for one."""

import re
from typing import Final

_HEADING: Final = re.compile(r"^\s*(?:<div[^>]*>\s*)*<h([1-6])\b[^>]*>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)


def first_heading(html: str) -> re.Match[str] | None:
    """Return the heading, if there is nothing but boxes before it; group 2 is its inner HTML."""
    return _HEADING.match(html)
