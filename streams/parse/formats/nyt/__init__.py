"""New York Times live pages: the state (an Apollo cache or a plain answer) that the page preloads for its scripts."""

from streams.parse.formats.nyt.page import parse_times

__all__ = ["parse_times"]
