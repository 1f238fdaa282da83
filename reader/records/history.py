"""What an edit changed, as lines to show."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime

from .shown_value import cut
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
    # A value and an item of a list are named; whole fields name themselves.
    if field and lines and not any(map(_key_of(field).match, lines)):
        lines[0] = f"{field}: {lines[0].strip()}".rstrip()
    return [encodable(clean(cut(line, MAX_LINE))) for line in lines]


def _key_of(field: str) -> re.Pattern[str]:
    """Return what a line begins with that holds a field called `related[0].title` or the like."""
    key = re.escape(field.rpartition(".")[2].partition("[")[0])
    return re.compile(rf"""[\s-]*(["']?){key}\1\s*:(\s|$)""")


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
