"""Links that a click opens on the near side of the line (OSC 8)."""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style

from reader.records.urls import is_web_url

_MOST = 2083
"""Characters from which on terminals drop such a link, or more than the link."""


@lru_cache(maxsize=256)
def link_style(url: str) -> Style | None:
    """Return the style that makes text a link; None for what is no plain http or https URL."""
    if len(url) > _MOST or not url.isascii() or not is_web_url(url):
        return None
    return Style(link=url)
