"""The provider of an embed, by its address."""

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from schemas.post import Embed

_HOSTS: Final = {
    "twitter.com": "twitter", "x.com": "twitter", "t.co": "twitter", "youtube.com": "youtube", "youtu.be": "youtube",
    "youtube-nocookie.com": "youtube", "instagram.com": "instagram", "facebook.com": "facebook", "fb.watch": "facebook",
    "tiktok.com": "tiktok", "vimeo.com": "vimeo", "dailymotion.com": "dailymotion", "soundcloud.com": "soundcloud",
    "spotify.com": "spotify", "bsky.app": "bluesky", "bsky.social": "bluesky", "threads.net": "threads",
    "threads.com": "threads", "t.me": "telegram", "reddit.com": "reddit", "linkedin.com": "linkedin",
    "datawrapper.de": "datawrapper", "dwcdn.net": "datawrapper", "flourish.studio": "flourish",
    "infogram.com": "infogram", "documentcloud.org": "documentcloud", "streamable.com": "streamable",
    "giphy.com": "giphy", "jwplayer.com": "jwplayer", "jwplatform.com": "jwplayer", "brightcove.net": "brightcove",
    "vk.com": "vk", "vine.co": "vine", "pinterest.com": "pinterest", "flickr.com": "flickr", "imgur.com": "imgur",
    "theguardian.com": "guardian", "bbc.co.uk": "bbc", "bbc.com": "bbc",
}  # fmt: skip
_NEWSROOMS: Final = {"guardian", "bbc"}
_POST: Final = re.compile(
    r"/status(?:es)?/\d+|youtu\.be/[\w-]+|/watch\?|/shorts/|instagram\.com/(?:[\w.]+/)?(?:p|reel|tv)/"
    r"|facebook\.com/.+/(?:posts|videos|photos)/|facebook\.com/(?:watch|video\.php|permalink|reel|share)"
    r"|tiktok\.com/.+/video/|/profile/.+/post/|vimeo\.com/\d+|threads\.\w+/@?.+/post/|fb\.watch/|t\.me/\w+/\d+"
)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+")


def provider_of(url: str | None) -> str | None:
    """Return the provider's name, or the host if the provider is unknown."""
    if not url:
        return None
    try:
        host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    parts = host.split(".")
    for start in range(len(parts) - 1):
        if name := _HOSTS.get(".".join(parts[start:])):
            return name
    return host or None


def is_social_post(url: str) -> bool:
    """Whether an address is that of one post or video of a social network, which pages show and don't print."""
    return bool(_ADDRESS.fullmatch(url)) and provider_of(url) not in _NEWSROOMS and bool(_POST.search(url))


def embed_of(url: str | None, text: str | None = None, provider: str | None = None) -> Embed:
    """Return an embed with its permanent link (a player's address is turned into the page's)."""
    if url and url.startswith("//"):
        url = f"https:{url}"
    return Embed(provider=provider or provider_of(url), url=_permanent(url) if url else None, text=text or None)


def _permanent(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if provider_of(url) == "youtube" and (found := re.match(r"/embed/([\w-]{6,})", parts.path)):
        return f"https://www.youtube.com/watch?v={found[1]}"
    if provider_of(url) == "facebook" and parts.path.startswith("/plugins/"):
        return next(iter(parse_qs(parts.query).get("href", [])), url)
    if provider_of(url) == "twitter" and "/status" in parts.path:
        return f"{parts.scheme}://{parts.netloc}{parts.path}"
    return url
