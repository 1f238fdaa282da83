"""The YAML that crawlers write, read line by line.

Most front matter is nothing but lines `field: value`, `field:` and `- value`, with values that are
plain or stand in double quotation marks on their one line. What such lines hold can be told without
a parser, in less than a third of its time; and reading is most of what a first index takes. Anything
else (comments, single quotes, flow lists, blocks of text, tabs, anchors, tags, a column that fits
nowhere, a field given twice) is not judged here: `read` returns None, and the parser has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

MAX_LENGTH = 16_384
"""Bytes; longer ones are rare, and bounded elsewhere."""
_MAX_DEPTH = 25
_SHORT, _REMEMBERED = 64, 10_000

_ASCII_TEXT = bytes(range(0x20, 0x7F)) + b"\n"
# What libyaml refuses, takes for a line break (\x85, \u2028, \u2029) or for a byte order mark; tabs,
# whose meaning depends on where they stand.
_NO_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
# The escapes that mean in YAML what they mean in JSON.
_QUOTED = re.compile(r'"[^"\\]*(?:\\["\\bfnrt][^"\\]*)*"')
# A colon before a space ends a plain value, a # after one begins a comment.
_PLAIN = re.compile(r"-?[A-Za-z0-9][^:#]*(?:(?::(?! |\Z)|(?<! )#)[^:#]*)*(?<! )")
_FIELD = re.compile(r"( *)(- +)?([A-Za-z_][A-Za-z0-9_]{0,99})(:?)")
_ENTRY = re.compile(r"( *)- +(?! )(.+)")

_BLANK = 0, 0, 0, None
_FIELD_LINE, _OPEN_LINE, _ENTRY_LINE = 1, 2, 3
_Line = tuple[int, int, int, Any]
"""What a line is; its column; the column of what follows its `- `, 0 without; the field's name, or
the entry's value."""
_heads: dict[str, _Line] = {}
"""By what stands before `: `."""
_lines: dict[str, _Line] = {}
"""By the whole of a line without `: `."""
_plain: dict[str, tuple[Any]] = {}

ValueOf = Callable[[str], Any]
"""Returns what a plain scalar is: a tuple of its value, or anything else for a text."""


class _UnusualError(Exception):
    """Something that is left to the parser."""


def read(text: bytes, value_of: ValueOf) -> dict[Any, Any] | None:
    """Return the mapping that `text` holds, or None when it is to be parsed."""
    if len(text) > MAX_LENGTH:
        return None
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n")
    try:
        decoded = text.decode()
        if text.translate(None, _ASCII_TEXT) and (text.isascii() or _NO_TEXT.search(decoded)):
            return None
        return _read(decoded, value_of)
    except (UnicodeDecodeError, _UnusualError):
        return None


def _read(text: str, value_of: ValueOf) -> dict[Any, Any] | None:
    root: dict[Any, Any] = {}
    inner: Any = root  # the collection that a line may go on with
    column = 0
    outer: list[tuple[int, Any]] = []  # those around it
    is_open = False  # whether what follows may be the value of `name`
    name = ""
    for line in text.split("\n"):
        head, colon, value = line.partition(": ")
        known = (_heads if colon else _lines).get(head)
        kind, at, inside, found = known or _look(head, colon, value_of)
        if inside:
            if is_open and at >= column:
                outer.append((column, inner))
                inner[name] = inner = []
                column = at
            else:
                while at < column:
                    column, inner = outer.pop() if outer else (-1, None)
                if at != column or type(inner) is not list:
                    return None
            is_open = False
            if kind == _ENTRY_LINE:
                inner.append(found)
                continue
            made: dict[Any, Any] = {}
            inner.append(made)
            outer.append((column, inner))
            inner, column = made, inside
        elif not kind:
            continue
        elif is_open and at > column:
            outer.append((column, inner))
            inner[name] = inner = {}
            column = at
        else:
            while at < column or (at == column and type(inner) is list):
                column, inner = outer.pop() if outer else (-1, None)
            if at != column:
                return None
        name = found
        if name in inner:
            return None
        if kind == _OPEN_LINE:
            if len(outer) > _MAX_DEPTH:
                return None
            inner[name] = None
            is_open = True
            continue
        is_open = False
        plain = _plain.get(value)
        if plain is not None:
            inner[name] = plain[0]
        elif value[:1] == '"' == value[-1:] and value.count('"') == 2 and "\\" not in value:
            inner[name] = value[1:-1]
        else:
            inner[name] = _value(value, value_of)
    return root


def _look(head: str, colon: str, value_of: ValueOf) -> _Line:
    """Return what a line is of which this stands before `: `, or that is this and has none."""
    line: _Line = _BLANK
    if colon or head.strip(" "):
        field = _FIELD.fullmatch(head)
        if field is not None and bool(field[4]) is not bool(colon):
            if type(value_of(field[3])) is tuple:  # a field called yes, or null
                raise _UnusualError
            at = len(field[1])
            inside = at + len(field[2]) if field[2] else 0
            line = (_FIELD_LINE if colon else _OPEN_LINE, at, inside, field[3])
        else:
            entry = _ENTRY.fullmatch(head)
            if entry is None or colon:
                raise _UnusualError
            line = (_ENTRY_LINE, len(entry[1]), entry.start(2), _value(entry[2], value_of))
    if len(head) <= _SHORT:
        known = _heads if colon else _lines
        if len(known) >= _REMEMBERED:
            known.clear()
        known[head] = line
    return line


def _value(text: str, value_of: ValueOf) -> Any:
    if text[:1] == '"':
        if not _QUOTED.fullmatch(text):
            raise _UnusualError
        return json.loads(text)
    if not _PLAIN.fullmatch(text):
        raise _UnusualError
    found = value_of(text)
    value = found[0] if type(found) is tuple else text
    if len(text) <= _SHORT:
        if len(_plain) >= _REMEMBERED:
            _plain.clear()
        _plain[text] = (value,)
    return value
