"""A name without case and accents, to look it up."""

import unicodedata


def fold(name: str) -> str:
    """Return a name folded: "São Paulo" and "SAO PAULO" are one."""
    folded = name.casefold()
    if folded.isascii():
        return folded
    return "".join([c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c)])
