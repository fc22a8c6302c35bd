"""The version of the parsers: what makes one reading of a page comparable with another."""

from typing import Final

PARSER_VERSION: Final = 1
"""One more with every release in which the posts of any page come out otherwise than before.

Then the first sight of a post takes its new content over silently; without it every post of every running page would be
"changed", and its readers would get thousands of revisions. `tests/recorded` fails when it was forgotten.
"""
