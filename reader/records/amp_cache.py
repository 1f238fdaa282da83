"""The public AMP Cache's URL of an AMP page, worked out without the network.

https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls/
"""

from __future__ import annotations

import base64
import enum
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from .edit import Field
from .urls import MAX_URL, is_web_url

CACHE = "cdn.ampproject.org"
MAX_LABEL = 63
_LEADS_LEFT = ("R", "AL")


class Difference(enum.StrEnum):
    """In what a cache URL differs from the one that the AMP page has."""

    MISSING = "missing"
    SCHEME = "the scheme"
    CACHE = "the cache's domain"
    DOMAIN = "the part before the cache's domain"
    SECURE = "the `s/` that stands for https"
    KIND = "the `c/` that stands for a page"
    HOST = "the page's host"
    PATH = "the page's path"
    QUERY = "the page's query"
    NO_URL = "it is no web address"


@dataclass(frozen=True, slots=True)
class CacheUrl:
    """A cache URL that is not what the public format gives, and what to write instead."""

    field: Field
    """Where it stands, or belongs."""
    amp_url: str
    found: str | None
    wanted: str
    difference: Difference

    @property
    def reason(self) -> str:
        """A sentence for people."""
        if self.difference is Difference.MISSING:
            return "The AMP cache URL is missing."
        if self.difference is Difference.NO_URL:
            return "The AMP cache URL is no web address."
        return f"The AMP cache URL is not that of the AMP page: {self.difference} differs."


def cache_url(amp_url: str) -> str | None:
    """Return the public AMP Cache's URL of a page, or None when `amp_url` is no web URL."""
    if len(amp_url) > MAX_URL or not is_web_url(amp_url):
        return None
    scheme, rest = amp_url.split("://", 1)
    rest = rest.partition("#")[0]
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    after = rest[len(authority) :]
    authority = authority.rpartition("@")[2]  # credentials are nobody else's
    host, port = _host_and_port(authority)
    domain = host.lower().rstrip(".")
    secure = "s/" if scheme.lower() == "https" else ""
    return f"https://{subdomain(domain)}.{CACHE}/c/{secure}{domain}{port}{after}"


def subdomain(domain: str) -> str:
    """Return what stands before the cache's domain for a page of `domain`."""
    ascii_domain = ".".join(map(_to_ascii, domain.lower().split(".")))
    readable = ".".join(map(_to_unicode, ascii_domain.split(".")))
    if "." not in domain or len(ascii_domain) > MAX_LABEL or _runs_both_ways(readable):
        return _hashed(ascii_domain)
    label = readable.replace("-", "--").replace(".", "-")
    if label[2:4] == "--":
        label = f"0-{label}-0"
    label = _to_ascii(label)
    return label if len(label) <= MAX_LABEL else _hashed(ascii_domain)


def differing(data: Mapping[str, Any]) -> tuple[CacheUrl, ...]:
    """Return the cache URLs of a record's front matter that are missing or wrong: its own and
    those of its related entries."""
    return tuple(_differing(data))


def _differing(data: Mapping[str, Any]) -> Iterator[CacheUrl]:
    places: list[tuple[Field, Mapping[Any, Any]]] = [((), data)]
    related = data.get("related")
    if isinstance(related, list):
        places += [
            (("related", at), each) for at, each in enumerate(related) if isinstance(each, dict)
        ]
    for place, group in places:
        amp, found = group.get("ampWebUrl"), group.get("cdnAmpWebUrl")
        if not isinstance(amp, str) or not (found is None or isinstance(found, str)):
            continue
        wanted = cache_url(amp.strip())
        difference = None if wanted is None else compare(found, wanted)
        if wanted is not None and difference is not None:
            yield CacheUrl((*place, "cdnAmpWebUrl"), amp.strip(), found or None, wanted, difference)


def compare(found: str | None, wanted: str) -> Difference | None:
    """Return the first thing in which a cache URL differs from the wanted one. Percent escapes
    and the spelling of hosts count as what they mean."""
    if not found or not found.strip():
        return Difference.MISSING
    if found == wanted:
        return None
    if not is_web_url(found.strip()):
        return Difference.NO_URL
    ours, theirs = _taken_apart(wanted), _taken_apart(found.strip())
    return next((name for name in ours if ours[name] != theirs[name]), None)


def _taken_apart(url: str) -> dict[Difference, str]:
    parts = urlsplit(url)
    before, _, cache = (parts.hostname or "").partition(".")
    path = parts.path.removeprefix("/")
    kind, _, path = path.partition("/")
    secure = "s/" if path == "s" or path.startswith("s/") else ""
    host, slash, rest = path.removeprefix("s/").partition("/")
    return {
        Difference.SCHEME: parts.scheme.lower(),
        Difference.CACHE: cache if parts.port in (None, 443) else f"{cache}:{parts.port}",
        Difference.DOMAIN: before,
        Difference.KIND: kind,
        Difference.SECURE: secure,
        Difference.HOST: ".".join(map(_to_ascii, unquote(host).lower().split("."))),
        Difference.PATH: _one_spelling(slash + rest),
        Difference.QUERY: _one_spelling(parts.query),
    }


def _one_spelling(text: str) -> str:
    return re.sub(
        r"%[0-9a-fA-F]{2}|[^\x00-\x7f]+",
        lambda found: (
            found[0].upper()
            if found[0][0] == "%"
            else "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))
        ),
        text,
    )


def _host_and_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, bracket, port = authority.partition("]")
        return host + bracket, port if port != ":" else ""
    host, colon, port = authority.partition(":")
    return host, colon + port if port else ""


def _to_unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:  # not Punycode after all: as it is
        return label


def _to_ascii(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + unicodedata.normalize("NFC", label).encode("punycode").decode("ascii")


def _runs_both_ways(domain: str) -> bool:
    """Whether characters that run to the right and to the left would share one label, which no
    name may."""
    ways = {unicodedata.bidirectional(each) for each in domain}
    return "L" in ways and any(each in ways for each in _LEADS_LEFT)


def _hashed(domain: str) -> str:
    digest = hashlib.sha256(domain.encode("utf-8", "replace")).digest()
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()
