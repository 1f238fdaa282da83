"""The numbered links of an article's body."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote, urlsplit

_MAX_TEXT = 200  # characters kept of a link's text
_KEPT = "!#$%&'()*+,-./:;=?@[]_~"


class BodyLink(NamedTuple):
    """A web link of a body: what `[number]` after its text stands for."""

    number: int
    text: str
    url: str


class Links:
    """Gives each distinct web URL of a body its number, in order of first appearance."""

    def __init__(self, first: int = 1) -> None:
        self._first = first
        self._found: dict[str, BodyLink] = {}

    def number(self, url: str, text: str) -> int | None:
        """Return the number of `url`, or None when it is no web URL."""
        safe = web_url(url)
        if safe is None:
            return None
        known = self._found.get(safe)
        if known is None:
            known = BodyLink(self._first + len(self._found), text[:_MAX_TEXT] or safe, safe)
            self._found[safe] = known
        return known.number

    def all(self) -> tuple[BodyLink, ...]:
        """Return the links so far, by number."""
        return tuple(self._found.values())


def web_url(url: str) -> str | None:
    """Return an absolute http or https URL with everything unprintable percent-encoded, or None.

    Browsers drop tabs and line breaks inside a URL and spaces around it; so do we.
    """
    url = url.translate({9: None, 10: None, 13: None}).strip()
    if url[:7].lower() != "http://" and url[:8].lower() != "https://":
        return None
    try:
        if not urlsplit(url).hostname:
            return None
    except ValueError:  # a bracket that is no IPv6 address
        return None
    return "".join(
        c if (c.isalnum() if c.isascii() else c.isprintable()) or c in _KEPT else _encoded(c)
        for c in url
    )


def _encoded(character: str) -> str:
    return quote(character, safe="", errors="replace")
