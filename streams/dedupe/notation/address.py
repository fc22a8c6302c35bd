"""Addresses without the parts that change although the target stays: tracking, signatures of pictures, the scheme."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

_TRACKING: Final = re.compile(
    r"(?i)^(?:utm_\w+|at_\w+|ns_\w+|mc_\w+|pk_\w+|hsa_\w+|icid|itm_\w+|ito|xtor|cmp|cmpid|ocid|smid|smtyp|fbclid|gclid|"
    r"dclid|msclkid|yclid|igshid|twclid|ref|ref_src|ref_url|referer|referrer|partner|source|src|from|share|shared|sh|"
    r"wt\.\w+|wtmc|s_cid|sc_cid|intcmp|int_cmp|mod|__twitter_impression|_ga|_gl|spm|feature|si)$"
)
_FILE: Final = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|svg|mp4|webm|mov|m3u8|mp3|m4a|ogg|wav)$")


@lru_cache(maxsize=8192)
def canonical_url(url: str) -> str:
    """Return an address without tracking parameters, the same for http and https, with its fragment."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    query = [pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair.partition("=")[0])]
    host = parts.netloc.lower().removesuffix(":443").removesuffix(":80").removeprefix("www.")
    fragment = parts.fragment if not _TRACKING.match(parts.fragment.partition("=")[0]) else ""
    return f"{host}{parts.path.rstrip('/')}{'?' + '&'.join(query) if query else ''}{'#' + fragment if fragment else ''}"


def canonical_file(url: str) -> str:
    """Return the address of a picture or a media file without its query, which holds sizes and signatures."""
    address = canonical_url(url)
    path, asked, _ = address.partition("?")
    return path if asked and _FILE.search(path) else address
