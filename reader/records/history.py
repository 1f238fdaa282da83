"""What an edit changed, as lines to show."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime

from .splice import Splice
from .text import clean, encodable

MAX_LINE = 500
"""Characters of one shown line."""
MAX_LINES = 200
"""Lines of one shown edit."""

_SECURED = re.compile(r"""[\s{]*["']?secured["']?\s*:""")
_KEY = re.compile(r"""["']?[A-Za-z_][\w-]*["']?\s*:(\s|$)|---""")
"""What ends the field above it."""

_MARKS = {"read_at": "read", "starred_at": "starred", "deferred_until": "deferred"}


def shown_changes(
    splices: Sequence[Splice],
    marked: tuple[str, int | None, int | None] | None = None,
    moved: tuple[bytes, bytes] | None = None,
) -> list[tuple[str, str]]:
    """Return what went (`-`) and what came (`+`), each with a line that is safe to show; `secured`
    is never shown."""
    lines: list[tuple[str, str]] = []
    if marked is not None:
        column, was, to = marked
        name = _MARKS.get(column, column)
        lines += [(sign, f"{name}: {_moment(at)}") for sign, at in (("-", was), ("+", to))]
    if moved is not None:
        lines += [
            (sign, f"file: {encodable(clean(os.fsdecode(path)))}")
            for sign, path in zip("-+", moved, strict=True)
        ]
    for splice in splices:
        for sign, text in (("-", splice.old), ("+", splice.new)):
            lines += [(sign, line) for line in _lines(splice.field, text)]
    return lines[:MAX_LINES]


def _lines(field: str, text: bytes) -> list[str]:
    lines = without_secured(text.decode("utf-8", "replace").splitlines())
    # A value by itself is named; a whole line names itself.
    if len(lines) == 1 and not text.endswith(b"\n") and field:
        lines = [f"{field}: {lines[0].strip()}"]
    return [encodable(clean(line[:MAX_LINE])) for line in lines]


def without_secured(lines: list[str]) -> list[str]:
    """Return the lines with one in place of those that `secured` runs over."""
    shown: list[str] = []
    inside = False
    for line in lines:
        if _SECURED.match(line):
            inside = True
            shown.append("secured: (not shown)")
        elif not inside or _KEY.match(line):
            inside = False
            shown.append(line)
    return shown


def _moment(at: int | None) -> str:
    if at is None:
        return "no"
    return datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M")
