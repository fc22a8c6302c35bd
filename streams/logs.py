"""Logs to stderr: structlog for ours, and the standard library's (faust, aiokafka) written the same way."""

import logging
import re
import sys
from typing import Any, TextIO

import structlog

from streams.settings.sections.process import LogFormat, LogLevel

# Behind what follows these, a secret stands: in a header that an error quotes, in a query string that one names.
_SECRET = re.compile(
    r"""(\bbearer\s+|\b(?:\w*(?:api_?key|token|secret|password))["']?\s*[=:]\s*["']?)[^\s"'&,;)\\]+""",
    re.IGNORECASE,
)

_LIBRARIES = (
    "faust", "mode", "aiokafka", "kafka", "aiohttp", "asyncio", "charset_normalizer", "alembic", "sqlalchemy",
    "streams.runtime.faust.consumer",  # what Faust says about a service, it logs under the name of our module
)  # fmt: skip


def set_up_logs(
    level: LogLevel = LogLevel.INFO, form: LogFormat = LogFormat.AUTO, stream: TextIO | None = None
) -> None:
    """Write logs to `stream` (stderr): for people on a terminal, a JSON object a line otherwise."""
    stream = stream or sys.stderr
    console = form is LogFormat.CONSOLE or (form is LogFormat.AUTO and stream.isatty())
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if console else "iso", utc=not console),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # a test, or the demo, sets up anew
    )
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(colors=stream.isatty(), pad_event_to=0)]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last, _without_secrets],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    # Records that nobody reads cost Faust much of its speed: they are built although the level is WARNING, unless
    # it stands on the libraries' own loggers (docs/performance.md).
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))


def _without_secrets(_logger: object, _name: str, line: Any) -> str:
    """Return a rendered line with the secrets in it blotted out: the last defence, whoever logged it."""
    return _SECRET.sub(r"\1********", str(line))
