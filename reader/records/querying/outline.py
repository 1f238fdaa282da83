"""A query's text cut into what stands side by side in it, without a look at what it means."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from . import fields
from .cursor import Cursor, Raw
from .errors import Wrong

FIELD = re.compile(r"(link\.[\w-]+|[^\W\d_][\w-]*):", re.IGNORECASE)
WEB = re.compile(r"https?://", re.IGNORECASE)
WITH_URLS = ("url", "related")
"""Fields whose value may be a whole URL, unquoted."""


class Kind(enum.Enum):
    """What may stand beside others in a query."""

    TERM = enum.auto()
    GROUP = enum.auto()
    """What stands in parentheses."""
    SORT = enum.auto()
    OR = enum.auto()
    AND = enum.auto()


@dataclass(frozen=True, slots=True)
class Item:
    """One of the things that stand side by side, its `-` and NOT with it."""

    kind: Kind
    start: int
    end: int
    inner: int
    """Where it begins without its negations."""
    negated: bool = False
    field: str = ""
    values: tuple[Raw, ...] = ()


def outline(text: str) -> list[Item]:
    """Return what stands side by side. Raises Wrong where a quotation, a regular expression or a
    parenthesis has no end; names and values may be wrong."""
    cursor = Cursor(text.replace("\0", " "))
    items: list[Item] = []
    while True:
        cursor.skip_space()
        if not cursor.char:
            return items
        start = cursor.at
        if cursor.keyword("OR"):
            items.append(Item(Kind.OR, start, cursor.at, start))
        elif cursor.keyword("AND"):
            items.append(Item(Kind.AND, start, cursor.at, start))
        else:
            items.append(_item(cursor))


def side_by_side(text: str) -> list[tuple[int, int]] | None:
    """Return from where to where each part of the text goes that all records asked for must
    satisfy, `sort:` not counted; parentheses round everything are looked into. None: parts are
    joined by OR, or the text is no query."""
    start, end = 0, len(text)
    while True:
        try:
            items = outline(text[start:end])
        except Wrong:
            return None
        if any(item.kind is Kind.OR for item in items):
            return None
        parts = [item for item in items if item.kind in (Kind.TERM, Kind.GROUP)]
        if len(parts) != 1 or parts[0].kind is not Kind.GROUP or parts[0].inner != parts[0].start:
            return [(start + part.start, start + part.end) for part in parts]
        start, end = start + parts[0].start + 1, start + parts[0].end - 1


def _item(cursor: Cursor) -> Item:
    start = cursor.at
    negated = False
    while True:
        inner = cursor.at
        following = cursor.text[cursor.at + 1 : cursor.at + 2]
        if cursor.keyword("NOT"):
            cursor.skip_space()
        elif cursor.char == "-" and (following == "(" or not cursor.at_break(cursor.at + 1)):
            cursor.at += 1
            cursor.skip_space()
        else:
            break
        negated = not negated
    if cursor.char == "(":
        _skip_group(cursor)
        return Item(Kind.GROUP, start, cursor.at, inner, negated)
    name, values = _term(cursor)
    kind = Kind.SORT if name == "sort" else Kind.TERM
    return Item(kind, start, cursor.at, inner, negated, name, values)


def _skip_group(cursor: Cursor) -> None:
    start, depth = cursor.at, 0
    while True:
        cursor.skip_space()
        if cursor.char in ("(", ")"):
            depth += 1 if cursor.char == "(" else -1
            cursor.at += 1
            if not depth:
                return
        elif not cursor.char:
            raise Wrong("this parenthesis has no end: close it with )", start, start + 1)
        elif cursor.char == "-" and not cursor.at_break(cursor.at + 1):
            cursor.at += 1
        else:
            _term(cursor)


def _term(cursor: Cursor) -> tuple[str, tuple[Raw, ...]]:
    """Read a term; return its field, empty for words, and its values."""
    if cursor.char == '"':
        return "", (cursor.quoted(),)
    if cursor.char == "/":
        return "", (cursor.regex(),)
    if WEB.match(cursor.text, cursor.at):
        return "", (cursor.address(),)
    found = FIELD.match(cursor.text, cursor.at)
    if found is None:
        raw = cursor.word()
        if raw.end == raw.start:
            raise Wrong("this parenthesis was never opened", raw.start, raw.start + 1)
        return "", (raw,)
    name = found[1].lower()
    name = fields.ALIASES.get(name, name)
    cursor.at = found.end()
    values: list[Raw] = []
    while True:
        if name in WITH_URLS and WEB.match(cursor.text, cursor.at):
            values.append(cursor.address())
            break
        values.append(cursor.value())
        if cursor.char != ",":
            break
        cursor.at += 1
    if not cursor.at_break() or cursor.char == "(":
        reason = "put a space or a comma here, or the whole value in quotation marks"
        raise Wrong(reason, cursor.at, cursor.at + 1)
    return name, tuple(values)
