"""Changing a query's text by a term: what clicking in the sidebar does to the filter line."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from .errors import Wrong
from .outline import Item, Kind, outline, side_by_side
from .patterns import folded_value

_PLAIN = str.maketrans("", "", "-_/.")  # need no quotation marks inside a value
_SPECIAL = re.compile(r'[\\"*]')
# Half a character cannot be written; what steers a terminal, or turns the line round, must not be.
_UNWRITABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+"
)
_SEVERAL = ("title", "excerpt", "body", "is", "has", "no", "")
"""Fields of which a query may well ask for several at once: a new term replaces no other."""


def quoted(value: str) -> str:
    """Return a value as it is written in a query: with quotation marks where it needs them. What
    cannot be written, like half a character or a control, becomes a star."""
    if value.translate(_PLAIN).isalnum() and value[0] not in "-/.":
        return value
    value = _SPECIAL.sub(lambda found: "\\" + found[0], value)
    return f'"{_UNWRITABLE.sub("*", value)}"'


def term(field: str, value: str) -> str:
    """Return a term, as in `topic:"Power Apps"`."""
    return f"{field}:{quoted(value)}"


def has_term(text: str, term: str) -> bool:
    """Return whether every record asked for has to satisfy this very term of the text."""
    try:
        items, wanted = outline(text), _only(term)
    except Wrong:
        return False
    return any(_is_same(item, wanted) for item in _beside(items))


def and_term(text: str, term: str, *, replacing: bool = True) -> str:
    """Return the query that asks for what the text and the term ask for both. A term of the same
    field that stands beside the others is replaced, except where a query may well have several
    (words, `is:`, `has:`, `no:`), or without `replacing`. A text that is no query is replaced as a
    whole.

    Raises ValueError when `term` is not a single term.
    """
    wanted = _only(term)
    term = term.strip()
    try:
        items = outline(text)
    except Wrong:
        return term
    if _has_or(items):
        rest = _joined(text, [item for item in items if item.kind is not Kind.SORT])
        sort = [text[item.start : item.end] for item in items if item.kind is Kind.SORT]
        if wanted.kind is Kind.SORT:
            return f"{rest} {term}"
        return " ".join([f"({rest}{_before_parenthesis(rest)})", term, *sort])
    gone = [
        item for item in items if _is_same(item, wanted) or (replacing and _gives_way(item, wanted))
    ]
    if not gone:
        return f"{text.strip()} {term}" if items else term
    return _joined(
        text, [term if item is gone[0] else "" if item in gone else item for item in items]
    )


def without_term(text: str, term: str) -> str:
    """Return the text without this term, wherever it stands beside the others; the same text when
    it does not. Raises ValueError when `term` is not a single term."""
    wanted = _only(term)
    return _without(text, lambda item: _is_same(item, wanted))


def without_field(text: str, field: str) -> str:
    """Return the text without the terms of a field that stand beside the others."""
    return _without(text, lambda item: item.field == field and not item.negated)


def without_parts(text: str, places: Collection[tuple[int, int]]) -> str:
    """Return the text without the parts at these places, as `outline.side_by_side` names them."""
    found = side_by_side(text)
    if found is None:
        return text
    kept = [text[start:end] for start, end in found if (start, end) not in places]
    # `sort:` stands outside of parentheses, so it is found at the top.
    sort = [text[item.start : item.end] for item in outline(text) if item.kind is Kind.SORT]
    return " ".join([*kept, *sort])


def toggle(text: str, term: str) -> str:
    """Return the text without the term where it is there, else narrowed by it."""
    return without_term(text, term) if has_term(text, term) else and_term(text, term)


def _without(text: str, goes: Callable[[Item], bool]) -> str:
    try:
        items = outline(text)
    except Wrong:
        return text
    gone = [item for item in _beside(items) if goes(item)]
    return _joined(text, ["" if item in gone else item for item in items]) if gone else text


def _only(term: str) -> Item:
    try:
        items = outline(term)
    except Wrong as wrong:
        raise ValueError(f"no term of a query: {term!r}: {wrong.error.reason}") from None
    if len(items) != 1 or items[0].kind not in (Kind.TERM, Kind.SORT):
        raise ValueError(f"not one term of a query: {term!r}")
    return items[0]


def _beside(items: list[Item]) -> list[Item]:
    """Return what must hold of every record: nothing of what OR joins, but a sort."""
    has_or = _has_or(items)
    return [item for item in items if item.kind is Kind.SORT or not has_or]


def _has_or(items: list[Item]) -> bool:
    return any(item.kind is Kind.OR for item in items)


def _gives_way(item: Item, wanted: Item) -> bool:
    if item.kind is not wanted.kind or item.field != wanted.field:
        return False
    return item.field not in _SEVERAL and not item.negated and not wanted.negated


def _is_same(item: Item, wanted: Item) -> bool:
    if (item.kind, item.field, item.negated) != (wanted.kind, wanted.field, wanted.negated):
        return False
    return _values(item) == _values(wanted)


def _values(item: Item) -> list[tuple[bool, bool, tuple[str, ...]]]:
    return [
        (
            raw.is_regex,
            len(raw.pieces) > 1,
            tuple(raw.pieces) if raw.is_regex else tuple(map(folded_value, raw.pieces)),
        )
        for raw in item.values
    ]


def _joined(text: str, parts: Iterable[Item | str]) -> str:
    """Return what is left, with a space between: AND says no more than that, and goes, so that
    none is left hanging."""
    written = [
        part if isinstance(part, str) else text[part.start : part.end]
        for part in parts
        if isinstance(part, str) or part.kind is not Kind.AND
    ]
    return " ".join(part for part in written if part)


def _before_parenthesis(text: str) -> str:
    """A URL would take the parenthesis that follows for its own, and a backslash escapes it."""
    return " " if text.endswith("\\") or "://" in text else ""
