"""What a request may read: asked by every route that takes a coverage."""

from collections.abc import Callable, Collection

from aiohttp import web

Readable = Callable[[web.Request, Collection[str]], frozenset[str]]
"""Returns the coverages that a filter with these is limited to, empty for all; raises a problem for a refused one."""
