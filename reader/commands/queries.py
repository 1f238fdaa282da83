"""Queries on the command line: read, with what is wrong told in place."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from reader.records.text import clean, encodable

from . import USAGE, CommandError

if TYPE_CHECKING:
    from reader.library.collection import Collection
    from reader.records.querying import Parsed

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+\Z")
_SHOWN = 60  # characters of a query that are shown beside what is wrong


def parsed_query(collection: Collection, text: str) -> Parsed:
    """Return the query. Raises CommandError (usage) that names the place and the nearest word."""
    from reader.records.querying import QueryError

    parsed = collection.parse_query(text)
    if isinstance(parsed, QueryError):
        part = text[parsed.start : parsed.end] or text[parsed.start : parsed.start + 20]
        at = f" at “{_safe(part)}”" if part.strip() else ""
        meant = f"; did you mean “{_safe(parsed.suggestion)}”?" if parsed.suggestion else "."
        raise CommandError(
            f"the query is wrong{at} (character {parsed.start + 1}):"
            f" {_safe(parsed.reason).rstrip('.')}{meant}",
            USAGE,
        )
    return parsed


def looks_like_query(collection: Collection, text: str) -> bool:
    """Return whether a text that may name a record by path or URL is a query instead."""
    if os.path.lexists(text) or os.path.lexists(os.path.join(collection.root, text)):
        return False
    return not _URL.match(text) and (":" in text or " " in text.strip())


def _safe(text: str) -> str:
    shown = encodable(clean(text))
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
