"""From the text of a query to its tree, or to what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo

from . import fields
from .cursor import Cursor, Raw
from .errors import QueryError, Wrong, nearest, shown
from .nodes import (
    And,
    Every,
    Included,
    Node,
    Not,
    Or,
    Parsed,
    Place,
    Regex,
    Sort,
    Text,
    Value,
    ranked_words,
)
from .outline import FIELD
from .patterns import folded_value
from .terms import field_term, page_term, word_term
from .views import VIEWS

MAX_LENGTH = 4000
"""Characters of a query."""
MAX_DEPTH = 50
"""Parentheses, negations and views within each other."""
MAX_PARTS = 200
"""Words and values, those of included views too."""
MAX_REGEXES = 4
MAX_STARRED = 20
"""Words and values with a `*` in them."""

RANK = "rank"
"""The order in which the words asked for decide."""
NO_RANK = "there are no words to rank by: write some, as in power sort:rank"

_WEB = re.compile(r"https?://", re.IGNORECASE)
_WORD = re.compile(r"\w*")
_HALVES = re.compile("[\ud800-\udfff]")
_NO_VIEWS: Mapping[str, str] = {}


def parse(
    text: str,
    *,
    now: float,
    zone: tzinfo | None = None,
    views: Mapping[str, str] = _NO_VIEWS,
) -> Parsed | QueryError:
    """Return the query that `text` says, or what is wrong with it. Never raises.

    `now` is seconds since 1970; days begin in `zone` (None: the system's). `views` are the saved
    ones, name to query; those of `VIEWS` are known besides.
    """
    try:
        return _Parser(text, now, zone, _Views(views), _Budget()).parsed()
    except Wrong as wrong:
        return wrong.error


def parse_sort(text: str) -> tuple[Sort, ...] | QueryError:
    """Return the order that a text like `quality,-heat` says, what stands after `sort:`, or what is
    wrong with it. Never raises."""
    raws, at = [], 0
    for part in text.split(","):
        raws.append(Raw(part, (part,), at, at + len(part)))
        at += len(part) + 1
    try:
        return tuple(_sorted_by(raw) for raw in raws)
    except Wrong as wrong:
        return wrong.error


class _Budget:
    """How much of a query there is so far, its views included."""

    def __init__(self) -> None:
        self.parts = 0
        self.regexes = 0
        self.starred = 0


class _Views:
    """The views by their names, whatever the case."""

    def __init__(self, views: Mapping[str, str]) -> None:
        self._given = {**VIEWS, **views}
        self._by_name = {folded_value(name): name for name in self._given}

    def find(self, name: str) -> tuple[str, str] | None:
        """Return a view's name and its text."""
        found = self._by_name.get(folded_value(name))
        return None if found is None else (found, self._given[found])

    def nearest(self, name: str) -> str | None:
        return nearest(name, self._given)


class _Parser:
    """Reads one text, by descent: `OR` binds least, then standing side by side, then `-`."""

    def __init__(
        self,
        text: str,
        now: float,
        zone: tzinfo | None,
        views: _Views,
        budget: _Budget,
        opened: tuple[str, ...] = (),
    ) -> None:
        if len(text) > MAX_LENGTH:
            raise Wrong(f"a query may have {MAX_LENGTH:,} characters", MAX_LENGTH, len(text))
        if found := _HALVES.search(text):
            reason = "this is half of a character: write * for it"
            raise Wrong(reason, found.start(), found.end(), "*")
        self._given = text
        self._cursor = Cursor(text.replace("\0", " "))
        self._now = now
        self._zone = zone
        self._views = views
        self._budget = budget
        self._opened = opened
        """The views whose texts lead here."""
        self._depth = len(opened)
        self._inside = 0
        """How many parentheses and negations are open."""
        self._sort: tuple[Sort, ...] | None = None
        self._rank: Raw | None = None
        """Where it is to be sorted by rank."""
        self._view_sort: tuple[Sort, ...] = ()

    def parsed(self) -> Parsed:
        """Read the whole text. Raises Wrong."""
        cursor = self._cursor
        root = self._either()
        if cursor.char == ")":
            reason = "this parenthesis was never opened"
            raise Wrong(reason, cursor.at, cursor.at + 1)
        if root is None:
            root = Every(0, len(self._given))
        if self._rank is not None and not ranked_words(root):
            raise Wrong(NO_RANK, self._rank.start, self._rank.end)
        sort = self._view_sort if self._sort is None else self._sort
        return Parsed(self._given, root, sort)

    def _either(self) -> Node | None:
        cursor = self._cursor
        parts = [self._all()]
        while True:
            cursor.skip_space()
            start = cursor.at
            if not cursor.keyword("OR"):
                break
            parts.append(self._all())
            if parts[-2] is None or parts[-1] is None:
                side = "before" if parts[-2] is None else "after"
                raise Wrong(f"OR needs something {side} it", start, start + 2)
        found = [part for part in parts if part is not None]
        if len(found) < 2:
            return found[0] if found else None
        return Or(tuple(found), found[0].start, found[-1].end)

    def _all(self) -> Node | None:
        """Read what stands side by side; None: nothing but perhaps a sort."""
        cursor = self._cursor
        parts: list[Node] = []
        hanging: int | None = None
        while True:
            cursor.skip_space()
            if not cursor.char or cursor.char == ")" or self._is_next("OR"):
                break
            start = cursor.at
            if cursor.keyword("AND"):
                if not parts or hanging is not None:
                    raise Wrong("AND needs something before it", start, start + 3)
                hanging = start
                continue
            node = self._one()
            if node is not None:
                parts.append(node)
                hanging = None
        if hanging is not None:
            raise Wrong("AND needs something after it", hanging, hanging + 3)
        if len(parts) < 2:
            return parts[0] if parts else None
        return And(tuple(parts), parts[0].start, parts[-1].end)

    def _is_next(self, word: str) -> bool:
        at = self._cursor.at
        found = self._cursor.keyword(word)
        self._cursor.at = at
        return found

    def _one(self) -> Node | None:
        cursor = self._cursor
        start = cursor.at
        if cursor.keyword("NOT"):
            return self._negated(start)
        if cursor.char == "-" and not cursor.at_break(start + 1):
            cursor.at += 1
            return self._negated(start)
        if cursor.char == "-" and cursor.text[start + 1 : start + 2] == "(":
            cursor.at += 1
            return self._negated(start)
        if cursor.char == "(":
            return self._group(start)
        return self._term()

    def _negated(self, start: int) -> Node:
        cursor = self._cursor
        cursor.skip_space()
        if not cursor.char or cursor.char == ")" or self._is_next("OR") or self._is_next("AND"):
            word = self._given[start : start + 3].rstrip()
            raise Wrong(f"{shown(word)} needs something after it", start, cursor.at)
        self._enter(start)
        node = self._one()
        self._leave()
        assert node is not None  # a sort is refused inside
        return Not(node, start, node.end)

    def _group(self, start: int) -> Node:
        cursor = self._cursor
        cursor.at += 1
        self._enter(start)
        node = self._either()
        self._leave()
        if cursor.char != ")":
            raise Wrong("this parenthesis has no end: close it with )", start, start + 1)
        cursor.at += 1
        if node is None:
            raise Wrong("there is nothing in these parentheses", start, cursor.at)
        return node

    def _enter(self, start: int) -> None:
        self._inside += 1
        if self._depth + self._inside > MAX_DEPTH:
            raise Wrong(f"this is nested more than {MAX_DEPTH} deep", start, start + 1)

    def _leave(self) -> None:
        self._inside -= 1

    def _term(self) -> Node | None:
        cursor = self._cursor
        if cursor.char == '"':
            return self._counted(word_term(cursor.quoted()))
        if cursor.char == "/":
            return self._counted(word_term(cursor.regex()))
        if _WEB.match(cursor.text, cursor.at):
            return self._counted(page_term(cursor.address()))
        found = FIELD.match(cursor.text, cursor.at)
        if found is None:
            return self._counted(word_term(cursor.word()))
        return self._field(found)

    def _field(self, found: re.Match[str]) -> Node | None:
        cursor = self._cursor
        start = found.start()
        name = found[1].lower()
        name = fields.ALIASES.get(name, name)
        if name not in fields.FIELDS:
            self._refuse_field(found)
        cursor.at = found.end()
        values = self._values(name)
        if name == "sort":
            self._set_sort(values, start)
            return None
        parts = [self._value(name, raw) for raw in values]
        if name == "no":
            parts = [Not(part, part.start, part.end) for part in parts]
        return parts[0] if len(parts) == 1 else Or(tuple(parts), start, cursor.at)

    def _refuse_field(self, found: re.Match[str]) -> None:
        start, end = found.span(1)
        value = _WORD.match(found.string, found.end())
        meant = fields.state_meant(found[1], value[0]) if value else None
        if value and meant:
            reason = f"there is no field {shown(found[1])}: did you mean {meant}?"
            raise Wrong(reason, start, value.end(), meant)
        near = nearest(found[1], [*fields.FIELDS, *fields.ALIASES])
        if near:
            reason = f"there is no field {shown(found[1])}: did you mean {near}?"
            raise Wrong(reason, start, end, near)
        reason = f"there is no field {shown(found[1])}: put quotation marks round text with a colon"
        raise Wrong(reason, start, end)

    def _values(self, name: str) -> list[Raw]:
        cursor = self._cursor
        raws = []
        while True:
            if cursor.char == "(":
                reason = "a value holds no parenthesis: put it in quotation marks"
                raise Wrong(reason, cursor.at, cursor.at + 1)
            if name in ("url", "related") and _WEB.match(cursor.text, cursor.at):
                raws.append(cursor.address())
                return raws
            raw = cursor.value()
            if not raw.text:
                raise Wrong(f"{name}: needs a value", raw.start - 1, max(raw.end, raw.start))
            raws.append(raw)
            if cursor.char != ",":
                break
            cursor.at += 1
        if not cursor.at_break() or cursor.char == "(":
            reason = "put a space or a comma here, or the whole value in quotation marks"
            raise Wrong(reason, cursor.at, cursor.at + 1)
        return raws

    def _value(self, name: str, raw: Raw) -> Node:
        if name == "view":
            return self._included(raw)
        return self._counted(field_term(name, raw, self._now, self._zone))

    def _counted(self, node: Node) -> Node:
        budget = self._budget
        budget.parts += 1
        budget.regexes += isinstance(node, Regex)
        budget.starred += isinstance(node, (Text, Value, Place)) and len(node.pieces) > 1
        if budget.parts > MAX_PARTS:
            raise Wrong(f"a query may have {MAX_PARTS} parts", node.start, node.end)
        if budget.regexes > MAX_REGEXES:
            reason = f"a query may have {MAX_REGEXES} regular expressions"
            raise Wrong(reason, node.start, node.end)
        if budget.starred > MAX_STARRED:
            reason = f"a query may have {MAX_STARRED} values with a star"
            raise Wrong(reason, node.start, node.end)
        return node

    def _included(self, raw: Raw) -> Node:
        found = self._views.find(raw.text)
        if found is None:
            near = self._views.nearest(raw.text)
            hint = f": did you mean {shown(near)}?" if near else ""
            quoted = f'"{near}"' if near and " " in near else near
            reason = f"there is no view {shown(raw.text)}{hint}"
            raise Wrong(reason, raw.start, raw.end, quoted)
        name, text = found
        if name in self._opened:
            way = " → ".join(shown(each) for each in (*self._opened, name)[-5:])
            raise Wrong(f"this view leads back to itself ({way})", raw.start, raw.end)
        opened = (*self._opened, name)
        if len(opened) + self._inside > MAX_DEPTH:
            raise Wrong(f"views are nested more than {MAX_DEPTH} deep", raw.start, raw.end)
        self._counted(Every(raw.start, raw.end))
        try:
            inner = _Parser(text, self._now, self._zone, self._views, self._budget, opened).parsed()
        except Wrong as wrong:
            reason = wrong.error.reason
            if not reason.startswith(_IN_VIEW):
                reason = f"{_IN_VIEW}{shown(name)}: {reason}"
            raise Wrong(reason, raw.start, raw.end) from None
        if not self._view_sort and not self._inside:
            self._view_sort = inner.sort
        return Included(name, inner.root, raw.start, raw.end)

    def _set_sort(self, values: list[Raw], start: int) -> None:
        end = self._cursor.at
        if self._inside:
            raise Wrong("sort: stands outside of parentheses, without - or NOT", start, end)
        keys = tuple(_sorted_by(raw) for raw in values)
        if self._sort is not None:
            both = ",".join(f"{'-' * key.descending}{key.field}" for key in (*self._sort, *keys))
            raise Wrong(f"there is a sort: already: write sort:{both}", start, end)
        self._sort = keys
        ranks = (raw for raw, key in zip(values, keys, strict=True) if key.field == RANK)
        self._rank = next(ranks, None)


def _sorted_by(raw: Raw) -> Sort:
    """Return one thing to sort by. Raises Wrong."""
    given = raw.text.removeprefix("-")
    name = fields.ALIASES.get(given.lower(), given.lower())
    if name not in fields.SORTS:
        near = nearest(given, fields.SORTS)
        hint = f"did you mean {near}?" if near else f"one of {', '.join(fields.SORTS)}"
        sign = "-" if raw.text.startswith("-") else ""
        reason = f"nothing can be sorted by {shown(given) or 'nothing'}: {hint}"
        raise Wrong(reason, raw.start, raw.end, sign + near if near else None)
    return Sort(name, raw.text.startswith("-"))


_IN_VIEW = "in the view "
