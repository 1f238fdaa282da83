"""URLs: when two of them mean the same page, and how one is shown."""

from __future__ import annotations

import re
from hashlib import blake2b

MAX_URL = 8192
_TRACKING = re.compile(
    r"(?:utm_[a-z_]*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid|ocid|cmpid|ncid)=.*",
    re.IGNORECASE,
)
# One pattern instead of urlsplit: it is run for every link of every record. Groups: host, port,
# path, query. A user name is no part of the page's identity; a fragment neither.
_WEB = re.compile(
    r"https?://(?:[^\s/?#@\\\x00-\x20\x7f-\xa0]*@)?"
    r"(\[[0-9a-f:.]{2,45}\]|[^\s/?#@:\[\]\\<>\"^`{|}\x00-\x20\x7f-\xa0]+)(?::([0-9]{0,5}))?"
    r"(/[^\s?#\x00-\x20\x7f-\xa0]*)?(?:\?([^\s#\x00-\x20\x7f-\xa0]*))?"
    r"(?:#[^\s\x00-\x20\x7f-\xa0]*)?",
    re.IGNORECASE,
)
# What most links are, and `normalise` has nothing to do for but take the beginning and the end away.
_PLAIN = re.compile(r"https?://(?:www\.)?+([a-z0-9.-]*[a-z0-9](?:/[A-Za-z0-9._~/-]*)?)", re.ASCII)
_HOST = re.compile(_WEB.pattern[: _WEB.pattern.index("(?::")] + "(?=[:/?#]|$)", re.IGNORECASE)
# Beyond ASCII: invisible and direction characters, halves of characters, and what is none.
_NOT_IN_URLS = re.compile(
    r"[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff"
    r"\U000e0000-\U000e0fff]"
)
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}|[^\x00-\x7f]+")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")


def is_web_url(text: str) -> bool:
    """Whether `text` is an http or https URL with a host, a valid port and no controls, spaces or
    invisible characters."""
    return _parts(text) is not None


def _parts(url: str) -> tuple[str, str | None, str | None, str | None] | None:
    """Return host, port, path and query of a web URL, None for anything else."""
    if len(url) > MAX_URL:
        return None
    found = _WEB.fullmatch(url)
    if found is None or (not url.isascii() and _NOT_IN_URLS.search(url)):
        return None
    host, port, path, query = found.groups()
    if (port and not 0 < int(port) < 65536) or not host.strip("."):
        return None
    return host, port, path, query


def normalise(url: str) -> str | None:
    """Return the form under which two URLs of one page are equal, or None when it is no web URL.

    Scheme ignored (http and https are one), host lower-case without `www.`, default port,
    fragment, tracking parameters (utm_*, fbclid, …) and trailing slash dropped, percent
    escapes in one spelling (RFC 3986, 6.2.2), query order kept.
    """
    plain = _PLAIN.fullmatch(url)
    if plain is not None and len(url) <= MAX_URL:
        return plain[1].rstrip("/")
    parts = _parts(url.strip())
    if parts is None:
        return None
    host, port, path, query = parts
    same = host.lower().rstrip(".").removeprefix("www.")
    if not same:
        return None
    if port and int(port) not in (80, 443):
        same += f":{int(port)}"
    if path:
        same += _one_spelling(path).rstrip("/")
    if query:
        kept = [part for part in query.split("&") if part and not _TRACKING.match(part)]
        if kept:
            same += "?" + _one_spelling("&".join(kept))
    return same


def _one_spelling(text: str) -> str:
    return text if "%" not in text and text.isascii() else _ESCAPE.sub(_spelling, text)


def _spelling(found: re.Match[str]) -> str:
    given = found[0]
    if given[0] != "%":
        return "".join(f"%{byte:02X}" for byte in given.encode())
    character = chr(int(given[1:], 16))
    return character if _UNRESERVED.match(character) else given.upper()


def url_key(url: str) -> int | None:
    """Return a signed 64-bit hash of `normalise(url)`: what the index and the state compare."""
    same = normalise(url)
    if same is None:
        return None
    digest = blake2b(same.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def host_of(url: str) -> str:
    """Return the host of a web URL, in small letters and as it is otherwise written; empty when
    this is no web URL. What comes after the host is not looked at."""
    found = _HOST.match(url)
    host = found[1].lower().rstrip(".") if found is not None else ""
    return "" if not host.isascii() and _NOT_IN_URLS.search(host) else host


def shown(url: str) -> str:
    """Return a URL as one reads it: without scheme and `www.`; punycode stays as it is."""
    return re.sub(r"^https?://(?:www\.)?", "", url, count=1, flags=re.IGNORECASE)
