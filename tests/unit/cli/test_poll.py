"""`liveline poll`."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from click.testing import Result

Liveline = Callable[..., Result]

FEED = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay</title><link rel="hub" href="https://hub.test/"/>
<entry><id>urn:quay:2</id><title>Second engine on its way</title><updated>2024-05-01T12:05:00Z</updated></entry>
<entry><id>urn:quay:1</id><title>Smoke over the quay</title><updated>2024-05-01T12:00:00Z</updated></entry>
<entry/></feed>"""
TEXT = b"Harbour fire\n\n12:40\nSmoke over the quay\nTwo crews are out.\n\n12:30\nAlarm\nA caller saw smoke.\n"


class _Pages(BaseHTTPRequestHandler):
    """Serves the samples."""

    pages: ClassVar = {
        "/feed": ("application/atom+xml", FEED),
        "/text": ("text/plain", TEXT),
        "/none": ("text/html", b"<p>"),
    }

    def do_GET(self) -> None:
        """Answer."""
        content_type, body = self.pages.get(self.path, ("text/plain", b""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", content_type)
        self.send_header("ETag", '"v1"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """Return a site's base address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def internal(monkeypatch: pytest.MonkeyPatch, liveline: Liveline) -> Liveline:
    """Return the command with internal addresses allowed."""
    monkeypatch.setenv("LIVELINE_POLL_INTERNAL", "true")
    return liveline


def test_once_prints_what_it_would_push(internal: Liveline, site: str) -> None:
    """The posts on stdout; on stderr what the server says, what it is taken for, and what is wrong with it."""
    done = internal("poll", "--once", f"{site}/feed")

    posts = [json.loads(line) for line in done.stdout.splitlines()]
    assert [post["headline"] for post in posts] == ["Second engine on its way", "Smoke over the quay"]
    assert done.stderr.splitlines() == [
        f"200 {site}/feed",
        "Content-Type: application/atom+xml",
        'ETag: "v1"',
        f"hub: https://hub.test/ topic: {site}/feed",
        f"{len(FEED)} bytes, format feed, 2 posts",
        f"liveline: {site}/feed: 2: {done.stderr.splitlines()[-1].rpartition(': 2: ')[2]}",
    ]
    assert done.exit_code == 1


def test_once_reads_as_a_source_would(internal: Liveline, site: str, tmp_path: Path) -> None:
    """With its zone and language; a format can be tried out."""
    (tmp_path / "liveline.yaml").write_text(
        "coverages: [{id: fire, sources: [{id: evening-post, timezone: Asia/Tokyo, language: en-GB}]}]"
    )

    done = internal("poll", "--once", f"{site}/text", "--source", "evening-post", "--format", "plain-text")

    assert done.exit_code == 0, done.stderr
    times = {json.loads(line)["published_at"].partition("T")[2] for line in done.stdout.splitlines()}
    assert times >= {"03:40:00Z", "03:30:00Z"}  # 12:40 and 12:30 in Tokyo


@pytest.mark.parametrize(
    ("path", "said"),
    [("/gone", "/gone: answered 404; expected 200"), ("/none", "/none: no known format in this text/html document")],
)
def test_once_says_what_is_wrong(internal: Liveline, site: str, path: str, said: str) -> None:
    """An address that can not be used is no success."""
    done = internal("poll", "--once", site + path)

    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr


def test_once_refuses_an_internal_address(liveline: Liveline, site: str) -> None:
    """Unless the setting allows it, which the message names."""
    done = liveline("poll", "--once", f"{site}/feed")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "LIVELINE_POLL_INTERNAL=true" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "feed"), "go with --once"),
        (("--source", "evening-post"), "go with --once"),
        (("--once", "http://news.test/", "--format", "nothing"), "'nothing' is no format"),
    ],
)
def test_wrong_use_is_told(liveline: Liveline, arguments: tuple[str, ...], said: str) -> None:
    """Before anything is fetched."""
    done = liveline("poll", *arguments)

    assert done.exit_code == 2
    assert said in done.stderr


def test_there_must_be_something_to_poll(liveline: Liveline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newsroom whose sources all push needs no poller."""
    monkeypatch.setenv("LIVELINE_KAFKA", "127.0.0.1:1")
    done = liveline("poll")

    assert done.exit_code == 2
    assert "no source has a url" in done.stderr
