"""Whose pictures the live page shows, and who may embed it."""

import pytest

from schemas import Newsroom
from streams.exceptions import SettingsError
from streams.gateway.page.pictures import Pictures
from streams.settings import load_settings


def test_hosts_and_sites_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between commas, in whatever case; a star alone stands for any."""
    monkeypatch.setenv("LIVELINE_PAGE_PICTURES", "Media.example, *.cdn.example:8443")
    monkeypatch.setenv("LIVELINE_EMBED_SITES", "https://www.paper.example/ , http://localhost:8000")
    settings = load_settings(newsroom=Newsroom())
    assert settings.page_pictures == ("media.example", "*.cdn.example:8443")
    assert settings.embed_sites == ("https://www.paper.example", "http://localhost:8000")

    monkeypatch.setenv("LIVELINE_PAGE_PICTURES", "*")
    monkeypatch.setenv("LIVELINE_EMBED_SITES", "*")
    settings = load_settings(newsroom=Newsroom())
    assert (settings.page_pictures, settings.embed_sites) == (("*",), ("*",))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LIVELINE_PAGE_PICTURES", "https://media.example", "'https://media.example' is no host"),
        ("LIVELINE_PAGE_PICTURES", "a.example; script-src *", "is no host"),
        ("LIVELINE_EMBED_SITES", "www.paper.example", "'www.paper.example' is no origin"),
        ("LIVELINE_EMBED_SITES", "https://a.example, *", "'*' is no origin"),
    ],
)
def test_what_would_break_the_policy_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    """The values go into a Content-Security-Policy as they are."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings(newsroom=Newsroom())

    assert name in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://media.example/a.jpg", True),
        ("http://media.example:80/a.jpg", True),
        ("https://media.example:8443/a.jpg", False),
        ("https://a.cdn.example/a.jpg", True),
        ("https://cdn.example/a.jpg", False),
        ("https://evilcdn.example/a.jpg", False),
        ("https://media.example.evil.example/a.jpg", False),
        ("https://media.example@evil.example/a.jpg", False),
        ("https://media.example:x/a.jpg", False),
        ("javascript:alert(1)", False),
        ("//media.example/a.jpg", False),
        ("https://[/a.jpg", False),
    ],
)
def test_only_pictures_of_named_hosts_are_shown(url: str, shown: bool) -> None:  # noqa: FBT001  (a case of the table)
    """A host is compared whole, with its port, as browsers compare it with the policy."""
    pictures = Pictures(("media.example", "*.cdn.example"))

    assert pictures.address(url) == (url if shown else None)
