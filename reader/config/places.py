"""On which line of a TOML text each key stands. Python's parser keeps no places."""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys from the top down; in an array of tables, the number of the table after its name."""

MAX_DEPTH = 6
"""Deeper keys have the place of what they are in: no setting is as deep."""

_WORD = re.compile(
    r'''(?P<comment>\#[^\n]*)
      | (?P<text>"""(?:\\.|[^\\])*?""""{0,2}
               | \'\'\'.*?\'\'\'\'{0,2}
               | "(?:\\.|[^"\\\n])*"
               | '[^'\n]*')
      | (?P<newline>\n)
      | (?P<mark>[\[\]{}=,.])
      | (?P<space>[ \t\r]+)
      | (?P<bare>[^\s\[\]{}=,."'\#]+)
      | (?P<other>.)''',
    re.VERBOSE | re.DOTALL,
)
Word = tuple[str, str, int]
"""Which of the groups above, the text itself, its line from 1."""


def places(text: str) -> dict[Path, int]:
    """Return the line, from 1, of each key and table's name in a text that is valid TOML."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    words = _words(text)
    table: Path = ()
    for kind, word, line in words:
        if kind in ("newline", "space", "comment"):
            continue
        if word == "[" and kind == "mark":
            table = _header(words, counts)
            for length in range(1, len(table) + 1):
                found.setdefault(table[:length], line)
            continue
        for length in range(1, len(parts := _key(kind, word, words)) + 1):
            found.setdefault((*table, *parts[:length])[:MAX_DEPTH], line)
        _skip_value(words)
    return found


def line_of(path: Path, found: dict[Path, int]) -> int:
    """Return the line of a key, or of the nearest table around it; 0 where none has a place."""
    for length in range(min(len(path), MAX_DEPTH), 0, -1):
        if path[:length] in found:
            return found[path[:length]]
    return 0


def _words(text: str) -> Iterator[Word]:
    line = 1
    for match in _WORD.finditer(text):
        word = match[0]
        yield str(match.lastgroup), word, line
        line += word.count("\n")


def _header(words: Iterator[Word], counts: dict[Path, int]) -> Path:
    """Read what follows a `[` at the start of a line, and return the path that it opens."""
    kind, word, _ = next(words)
    several = word == "[" and kind == "mark"
    parts: list[str] = []
    if not several:
        parts += _part(kind, word)
    for kind, word, _ in words:
        if kind == "mark" and word == "]":
            break
        parts += _part(kind, word)
    _skip_value(words)
    path: Path = ()
    for index, part in enumerate(parts[:MAX_DEPTH]):
        path = (*path, part)
        if several and index == len(parts) - 1:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path


def _key(kind: str, word: str, words: Iterator[Word]) -> list[str]:
    parts = _part(kind, word)
    for kind, word, _ in words:
        if kind == "mark" and word == "=":
            break
        if len(parts) < MAX_DEPTH:
            parts += _part(kind, word)
    return parts


def _part(kind: str, word: str) -> list[str]:
    if kind == "bare":
        return [word]
    if kind != "text":
        return []
    if word.startswith("'"):
        return [word[1:-1]]
    import tomllib

    return [str(tomllib.loads(f"key = {word}")["key"])]


def _skip_value(words: Iterator[Word]) -> None:
    """Go on to the end of the statement: a new line outside all brackets."""
    depth = 0
    for kind, word, _ in words:
        if kind == "newline" and depth <= 0:
            return
        if kind == "mark":
            depth += (word in "[{") - (word in "]}")
