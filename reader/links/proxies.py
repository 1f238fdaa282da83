"""Proxies that the environment names, when the user asked for them.

A proxy looks names up itself: the guard then judges schemes, ports and addresses in URLs, and what
names lead to is the proxy's to allow.
"""

from __future__ import annotations

import base64
import urllib.request
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from reader.links.targets import Target


class ProxyError(Exception):
    """A proxy that cannot be used. `str` is a sentence."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy."""

    host: str
    port: int
    authorization: bytes | None
    """What `Proxy-Authorization` says."""


class Proxies:
    """The proxies of the environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`), or
    none at all. Raises ProxyError for one that is no HTTP proxy."""

    def __init__(self, wanted: bool) -> None:
        given = urllib.request.getproxies_environment() if wanted else {}
        self._by_scheme: dict[str, Proxy] = {}
        for scheme in ("http", "https"):
            url = given.get(scheme) or given.get("all")
            if url:
                self._by_scheme[scheme] = _proxy(url)

    def of(self, target: Target) -> Proxy | None:
        """Return the proxy by which a target is asked, None for directly."""
        proxy = self._by_scheme.get(target.scheme)
        if proxy is None or urllib.request.proxy_bypass_environment(target.netloc):  # type: ignore[attr-defined]
            return None
        return proxy


def _proxy(url: str) -> Proxy:
    shown = url.rpartition("@")[2][:80]
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme != "http" or not host:
        raise ProxyError(f"The environment's proxy {shown} cannot be used: only http:// ones can.")
    authorization = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = b"Basic " + base64.b64encode(pair.encode())
    return Proxy(host, port or 80, authorization)
