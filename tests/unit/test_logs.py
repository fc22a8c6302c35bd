"""Logs: one way for ours and the libraries'."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from streams.logs import set_up_logs
from streams.settings import LogFormat, LogLevel


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def test_without_a_terminal_a_line_is_json() -> None:
    """A log collector gets one object a line, ours and the standard library's alike."""
    stream = StringIO()
    set_up_logs(stream=stream)

    structlog.get_logger("streams.test").info("posted", source="evening-post")
    logging.getLogger("some.library").warning("late by %s", "4 s")

    ours, theirs = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (ours["event"], ours["source"], ours["level"]) == ("posted", "evening-post", "info")
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("late by 4 s", "some.library", "warning")


def test_libraries_are_heard_from_warning_on() -> None:
    """Faust's chatter is not built at all, whatever level is asked for."""
    stream = StringIO()
    set_up_logs(LogLevel.DEBUG, LogFormat.CONSOLE, stream)

    logging.getLogger("faust.worker").info("chatter")
    logging.getLogger("aiokafka.consumer").warning("lost the group")

    assert not logging.getLogger("faust.worker").isEnabledFor(logging.INFO)
    assert "chatter" not in stream.getvalue()
    assert "lost the group" in stream.getvalue()


def test_below_the_level_nothing_is_written() -> None:
    """The level holds for our own logs."""
    stream = StringIO()
    set_up_logs(LogLevel.WARNING, LogFormat.JSON, stream)

    structlog.get_logger().info("hardly")
    structlog.get_logger().warning("listen")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["listen"]


@pytest.mark.parametrize("form", [LogFormat.JSON, LogFormat.CONSOLE])
def test_no_secret_is_written(form: LogFormat) -> None:
    """Whoever logs it, and wherever it stands: in the event, a field, a library's message or a traceback."""
    stream = StringIO()
    set_up_logs(form=form, stream=stream)

    structlog.get_logger().warning(
        "refused Authorization: Bearer s3cret-1", url="https://x.test/?access_token=s3cret-2&a=b"
    )
    logging.getLogger("aiohttp.server").error("Bad status line %r", b"Bearer s3cret-3\r\n")
    structlog.get_logger().info("read", headers={"token": "s3cret-4"}, tokens=3)
    structlog.get_logger().info("read", cookie="liveline_token=s3cret-6; a=b", named="LIVELINE_JWT_SECRET=s3cret-7")
    try:
        int("api_key=s3cret-5, and so on")
    except ValueError:
        structlog.get_logger().exception("failed")

    written = stream.getvalue()
    assert "s3cret" not in written
    assert "a=b" in written
    assert "and so on" in written
    if form is LogFormat.JSON:
        assert [json.loads(line)["level"] for line in written.splitlines()] == [
            "warning",
            "error",
            "info",
            "info",
            "error",
        ]
