"""Where things stand in a TOML file: for changing one table and no byte beside it.

The text has been read by `tomllib` before, so it is TOML; this only finds places in it.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = re.compile(r"""(\[\[?)[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([\w-]+))[ \t]*(\]\]?|\.)""")
_SIMPLE = {'"': re.compile(r'"(?:[^"\\\n]|\\.)*"'), "'": re.compile(r"'[^'\n]*'")}
_LONG = {'"""': re.compile(r'"""(?:[^\\]|\\.)*?"""{1,3}(?!")', re.DOTALL),
         "'''": re.compile(r"'''.*?'''{1,3}(?!')", re.DOTALL)}  # fmt: skip


class Kind(enum.Enum):
    """What a line is."""

    BLANK = enum.auto()
    COMMENT = enum.auto()
    TABLE = enum.auto()
    """`[name]`, or a table inside another."""
    ENTRY = enum.auto()
    """`[[name]]`"""
    KEY = enum.auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or several where a value runs over them. Places count characters of the text."""

    kind: Kind
    start: int
    end: int
    """After the line's end."""
    name: str = ""
    value: tuple[int, int] = (0, 0)
    """From where to where the value of a key goes, without a comment after it."""


@dataclass(frozen=True, slots=True)
class Block:
    """One `[[name]]` table, with the comment right above it."""

    start: int
    end: int
    """After its last key or comment: blank lines that follow are not part of it."""
    header: Line
    keys: tuple[Line, ...]


def lines_of(text: str) -> Iterator[Line]:
    """Yield the lines of a TOML text."""
    at = 0
    while at < len(text):
        here = _after_space(text, at)
        char = text[here : here + 1]
        if char in ("", "\n", "\r"):
            end = _after_line(text, here)
            yield Line(Kind.BLANK, at, end)
        elif char == "#":
            end = _after_line(text, here)
            yield Line(Kind.COMMENT, at, end)
        elif char == "[":
            end = _after_line(text, here)
            found = _HEADER.match(text, here)
            is_entry = found is not None and found[1] == "[[" and found[5] == "]]"
            name = next((each for each in found.group(2, 3, 4) if each), "") if found else ""
            yield Line(Kind.ENTRY if is_entry else Kind.TABLE, at, end, name)
        else:
            name, here = _key(text, here)
            first = here = _after_space(text, here)
            here = _after_value(text, here)
            last = first + len(text[first:here].rstrip())
            end = _after_line(text, here)
            yield Line(Kind.KEY, at, end, name, (first, last))
        at = end


def blocks_of(text: str, name: str) -> list[Block]:
    """Return the `[[name]]` tables, in order."""
    lines = list(lines_of(text))
    heads = [at for at, line in enumerate(lines) if line.kind in (Kind.ENTRY, Kind.TABLE)]
    starts = []
    for head in heads:
        first = head
        while first and lines[first - 1].kind is Kind.COMMENT:
            first -= 1
        starts.append(first)
    blocks = []
    for number, head in enumerate(heads):
        if lines[head].kind is not Kind.ENTRY or lines[head].name != name:
            continue
        after = starts[number + 1] if number + 1 < len(heads) else len(lines)
        while lines[after - 1].kind is Kind.BLANK:
            after -= 1
        after = max(after, head + 1)
        keys = tuple(line for line in lines[head:after] if line.kind is Kind.KEY)
        blocks.append(Block(lines[starts[number]].start, lines[after - 1].end, lines[head], keys))
    return blocks


def written(text: str) -> str:
    """Return a string as TOML writes it, on one line: as it is where that can be."""
    plain = all(each >= " " and each != "\x7f" for each in text)
    if plain and "'" not in text and ('"' in text or "\\" in text):
        return f"'{text}'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char < " " or char == "\x7f":
        return f"\\u{ord(char):04x}"
    return char


def _after_space(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def _after_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _key(text: str, at: int) -> tuple[str, int]:
    """Return a key's first name, and the place after the equals sign."""
    start = at
    while at < len(text) and text[at] != "=":
        at = _after_string(text, at) if text[at] in _SIMPLE else at + 1
    return text[start:at].strip().strip("\"'"), at + 1


def _after_value(text: str, at: int) -> int:
    """Return the place where a value, and the space after it, ends."""
    depth = 0
    while at < len(text):
        char = text[at]
        if char in _SIMPLE:
            at = _after_string(text, at)
            continue
        if char == "#":
            if not depth:
                return at
            at = _after_line(text, at)
            continue
        if char == "\n" and not depth:
            return at
        depth += (char in "[{") - (char in "]}")
        at += 1
    return at


def _after_string(text: str, at: int) -> int:
    long = text[at : at + 3]
    pattern = _LONG[long] if long in _LONG else _SIMPLE[text[at]]
    found = pattern.match(text, at)
    return found.end() if found else len(text)
