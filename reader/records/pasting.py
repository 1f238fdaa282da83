"""Texts on their way to a clipboard: what is pasted somewhere does no harm there, and means the same."""

from __future__ import annotations

import re
from urllib.parse import quote

from .text import clean

_MARKDOWN = re.compile(r"([\\\[\]])")


def url_to_paste(url: str) -> str:
    """Return a URL with all that is invisible, or that a terminal acts on, percent-encoded."""
    if url.isascii() and url.isprintable() and " " not in url:
        return url
    return "".join(
        char if char != " " and char.isprintable() and clean(char) == char
        else quote(char, safe="", errors="replace")
        for char in url
    )  # fmt: skip


def path_to_paste(path: str) -> str:
    """Return a path as it is; one that no screen can show as `$'…'`, which shells read back."""
    if path.isprintable() and clean(path) == path:
        return path
    parts = []
    for char in path:
        if char in "\\'":
            parts.append("\\" + char)
        elif char.isprintable() and clean(char) == char:
            parts.append(char)
        else:
            parts += [f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape")]
    return f"$'{''.join(parts)}'"


def markdown_link(title: str, url: str) -> str:
    """Return a link in Markdown, with what has a meaning there escaped."""
    target = url.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
    text = _MARKDOWN.sub(r"\\\1", title)
    return f"[{text}]({target})"
