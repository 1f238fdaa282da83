"""URLs: when two of them mean the same page, and how one is shown."""

from __future__ import annotations


def normalise(url: str) -> str | None:
    """Return the form under which two URLs of one page are equal, or None when it is no web URL.

    Scheme ignored (http and https are one), host lower-case without `www.`, default port,
    fragment, tracking parameters (utm_*, fbclid, …) and trailing slash dropped, percent
    escapes in one spelling, query order kept.
    """
    raise NotImplementedError


def url_key(url: str) -> int | None:
    """Return a signed 64-bit hash of `normalise(url)`: what the index and the state compare."""
    raise NotImplementedError
