"""Cookies within one URL's redirects, for the host that set them; forgotten with the verdict.

Some sites send everyone round in a circle until their cookie comes back: without it, pages that
every browser opens would be said to be loops. Nothing is kept between URLs or told to other hosts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reader.links.targets import Target

_PAIR = re.compile(
    r"([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128})=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e\"]{0,2048})"
)
_MAX_COOKIES = 16


class Jar:
    """The cookies of one URL's redirects."""

    __slots__ = ("_by_host", "version")

    def __init__(self) -> None:
        self._by_host: dict[tuple[str, str], dict[str, str]] = {}
        self.version = 0
        """Changes when a cookie does."""

    def keep(self, target: Target, headers: Mapping[str, str]) -> None:
        """Keep what an answer sets, under `set-cookie`, a line for each."""
        given = headers.get("set-cookie")
        if not given:
            return
        kept = self._by_host.setdefault((target.scheme, target.host), {})
        for line in given.split("\n"):
            pair = _PAIR.match(line.strip())
            if (
                pair
                and kept.get(pair[1]) != pair[2]
                and (pair[1] in kept or len(kept) < _MAX_COOKIES)
            ):
                kept[pair[1]] = pair[2]
                self.version += 1

    def header(self, target: Target) -> str:
        """Return the `Cookie` header for a request; empty for none."""
        kept = self._by_host.get((target.scheme, target.host))
        return "; ".join(f"{name}={value}" for name, value in kept.items()) if kept else ""
