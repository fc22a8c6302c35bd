"""Mail, chat, push and the rest, through Apprise."""

import logging
import threading
from html import escape
from typing import Any, Final, Self

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType

from streams.sinks.message import Message
from streams.sinks.targets.target import SendError

_LONGEST_REASON_CHARS: Final = 300
_LEAST_BODY_CHARS: Final = 80
_READ_SECONDS: Final = 120.0


class AppriseTarget:
    """One Apprise URL. Apprise answers yes or no; why stands in what it logs meanwhile."""

    def __init__(self, plugin: Any) -> None:
        self._plugin = plugin

    @classmethod
    def of(cls, address: str) -> Self | None:
        """Return where an address leads, or None if Apprise can't use it."""
        # Apprise logs addresses that it can't read, with the passwords in them: nothing of that gets out.
        logger = logging.getLogger("apprise")
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
        asset = AppriseAsset(app_id="Liveline", app_desc="Liveline alerts", async_mode=False)
        plugin = Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
        if plugin is None:
            return None
        # Liveline ends an attempt by its own timeout, and then says that the sink may have the message. Apprise would
        # give up reading the answer after 4 s and say no more than that it failed.
        plugin.socket_read_timeout = max(plugin.socket_read_timeout or 0.0, _READ_SECONDS)
        return cls(plugin)

    def send(self, message: Message) -> None:
        """Send a message in the form that the service prefers."""
        plugin = self._plugin
        html = _first(plugin.notify_format) == NotifyFormat.HTML
        with _Said() as said:
            try:
                # The plugin itself, in this thread: Apprise's own `notify` shares its threads between all services, so
                # that one which hangs would keep back the others.
                took = plugin.notify(
                    title=_cut(message.title, plugin.title_maxlen),
                    body=_html(message, plugin.body_maxlen) if html else _cut(message.text, plugin.body_maxlen),
                    notify_type=NotifyType.WARNING if message.urgent else NotifyType.INFO,
                    body_format=NotifyFormat.HTML if html else NotifyFormat.TEXT,
                )
            except Exception as error:
                # Its text may hold the address; the kind of error says enough.
                raise SendError(f"{plugin.service_name} failed: {type(error).__name__}") from error
        if not took:
            raise SendError(said.why or f"{plugin.service_name} did not take it")


def _first(formats: Any) -> Any:
    return formats[0] if isinstance(formats, tuple | list) else formats


def _html(message: Message, most: int) -> str:
    """Return the message in HTML; if that is too long, its text, which can be cut."""
    if len(message.html) <= most:
        return message.html
    return escape(_cut(message.text, most * 2 // 3)).replace("\n", "<br/>")[:most]


def _cut(text: str, most: int) -> str:
    if most < _LEAST_BODY_CHARS or len(text) <= most:  # 0: a service without titles puts them before the body
        return text
    return f"{text[: most - 1]}…"


class _Said(logging.Handler):
    """What Apprise warns of in this thread while a message is sent."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._thread = threading.get_ident()
        self._lines: list[str] = []

    @property
    def why(self) -> str:
        return "; ".join(dict.fromkeys(self._lines))[:_LONGEST_REASON_CHARS]

    def __enter__(self) -> Self:
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("apprise").removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a warning of this thread."""
        if record.thread == self._thread:
            self._lines.append(" ".join(record.getMessage().split()))
