"""Where a sink sends to: a JSON endpoint and a mail server on loopback, the terminal; addresses that lead nowhere."""

import logging
import socket
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import orjson
import pytest
from aiosmtpd.controller import Controller
from sink_world import alert

from streams.sinks.message import message_of, trial_message
from streams.sinks.targets import AddressError, SendError, target_of

MESSAGE = message_of([alert("a", title="Fire at the <quay>", urgency=1)])


class _Endpoint(BaseHTTPRequestHandler):
    """Keeps what is posted; answers with the status that the path names, after as many seconds as stand before it."""

    taken: list[dict[str, Any]]

    def do_POST(self) -> None:
        """Take a message."""
        self.taken.append(orjson.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        seconds, _, status = self.path.strip("/").rpartition("-")
        time.sleep(float(seconds or 0))
        self.send_response(int(status))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve an endpoint; gives its host and port, and what it took."""
    taken: list[dict[str, Any]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (_Endpoint,), {"taken": taken}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}", taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_json_endpoint_gets_title_and_text(endpoint: tuple[str, list[dict[str, Any]]]) -> None:
    """Apprise's `json://`."""
    host, taken = endpoint

    target_of("desk", f"json://{host}/204").send(MESSAGE)

    assert [(each["title"], each["message"], each["type"]) for each in taken] == [
        ("Fire at the <quay>", MESSAGE.text.strip(), "warning")
    ]


def test_a_slow_answer_is_waited_for(endpoint: tuple[str, list[dict[str, Any]]]) -> None:
    """Apprise's own limit would call a failure what came: the message would be sent again without a word of doubt."""
    host, taken = endpoint

    target_of("desk", f"json://{host}/0.4-204?rto=0.1").send(MESSAGE)

    assert len(taken) == 1


def test_what_an_endpoint_refuses_is_an_error_that_says_why_without_the_address(
    endpoint: tuple[str, list[dict[str, Any]]],
) -> None:
    """The status is there, the token in the path is not."""
    host, _ = endpoint

    with pytest.raises(SendError, match="500") as error:
        target_of("desk", f"json://{host}/500?+token=hidden").send(MESSAGE)

    assert "hidden" not in str(error.value)
    with pytest.raises(SendError, match="onnection"):
        target_of("desk", "json://127.0.0.1:1/hidden").send(MESSAGE)


class _Mailbox:
    """A mail server's handler that keeps what comes."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, *given: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        """Take a mail."""
        envelope = given[-1]
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 taken"


def test_a_mail_has_the_message_in_html_and_in_plain_text() -> None:
    """Over a real SMTP dialogue."""
    mailbox = _Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        address = (
            f"mailto://127.0.0.1:{port}?smtp=127.0.0.1&from=liveline@example.org&to=night@example.org&mode=insecure"
        )
        target_of("desk", address).send(MESSAGE)
    finally:
        server.stop()

    [(to, mail)] = mailbox.mails
    assert (to, mail["Subject"]) == (["night@example.org"], "Fire at the <quay>")
    html, plain = mail.get_body(("html",)), mail.get_body(("plain",))
    assert "<h3>Fire at the &lt;quay&gt;</h3>" in html.get_content()
    assert "because (rule rule-a)" in plain.get_content()


def test_print_writes_a_line_an_alert(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, or on standard output if it says so."""
    target_of("desk", "print:").send(MESSAGE)
    target_of("desk", "print:stdout").send(trial_message("desk"))

    printed = capsys.readouterr()
    assert printed.err == "  desk ▸ 12:00:00  raised, urgency 1: Fire at the <quay>  [rule-a]\n"
    assert printed.out.startswith("  desk ▸ Liveline can reach the sink desk.")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("carrier-pigeon-secret", "a value that is not shown"),
        ("pigeon://secret@host", "a URL that begins with pigeon:"),
        ("slack://secret", "a URL that begins with slack:"),
        ("print:paper-secret", "print: with something else"),
    ],
)
def test_an_address_that_leads_nowhere_is_an_error_that_does_not_show_it(
    address: str, found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither in the error nor in any log: Apprise would log it."""
    logged: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        with pytest.raises(AddressError, match=found) as error:
            target_of("desk", address)
    finally:
        logging.getLogger().removeHandler(handler)

    assert "secret" not in "".join([str(error.value), *logged, *capsys.readouterr()])
