"""Short lists of words, written as a writer would: in one string with spaces between."""


def listed(words: str) -> frozenset[str]:
    """Return the words of a string."""
    return frozenset(words.split())
