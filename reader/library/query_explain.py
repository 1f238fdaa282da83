"""Which part of a query does what: the counts of an explanation, and why a record is left out."""

from __future__ import annotations

import itertools
import os
import re
import sqlite3
from collections.abc import Callable, Sequence

from reader.records.querying import RANK, Parsed, ranked_words
from reader.records.querying.explained import Drop, Explanation, Part, Reason
from reader.records.querying.nodes import And, Every, Included, Node, Not, Or
from reader.records.querying.outline import FIELD, side_by_side
from reader.records.querying.plain import described, sorted_by
from reader.records.querying.rewriting import without_field, without_parts

from . import query_facts
from .query_conditions import compile_query
from .query_problems import asks_for_problems, problem_holds
from .query_running import running
from .query_sql import count_ids
from .schema import RECORD
from .values import never

_FIELD_BEFORE = re.compile(FIELD.pattern + r"\Z", re.IGNORECASE)
_PAIRS = 8  # parts of which any two are tried; of more, what is left out is found one by one


def explain(
    connection: sqlite3.Connection,
    query: Parsed,
    now: float,
    cancelled: Callable[[], bool] = never,
) -> Explanation:
    """Return the query in plain words with the count of every part. Raises as
    `query_sql.find_ids` does."""
    return _Explaining(connection, query, now, cancelled).explanation()


class _Explaining:
    def __init__(
        self,
        connection: sqlite3.Connection,
        query: Parsed,
        now: float,
        cancelled: Callable[[], bool],
    ) -> None:
        self._connection = connection
        self._query = query
        self._now = now
        self._cancelled = cancelled
        self._counts: dict[Node, int] = {}
        self._problems = asks_for_problems(query)

    def explanation(self) -> Explanation:
        query = self._query
        count = self._count(query.root)
        root = self._part(query.root, query.text)
        dropped = () if count else tuple(self._droppable(query.root, root))
        return Explanation(query.text, count, root, sorted_by(query.sort), dropped)

    def _count(self, node: Node) -> int:
        found = self._counts.get(node)
        if found is None:
            query = Parsed(self._query.text, node)
            found = count_ids(self._connection, query, self._now, self._cancelled, self._problems)
            self._counts[node] = found
        return found

    def _part(self, node: Node, text: str, left: int | None = None) -> Part:
        start, end = span(node, text)
        parts: tuple[Part, ...] = ()
        inner = node.part if isinstance(node, (Not, Included)) else node
        if isinstance(node, Included):
            # What lies in a view has no place of its own in this text.
            parts = tuple(
                _moved(part, start, end) for part in self._parts_of(inner, "", single=True)
            )
        elif isinstance(inner, (And, Or)):
            parts = self._parts_of(inner, text)
        elif isinstance(inner, Included):
            parts = (self._part(inner, text),)
        return Part(described(node), start, end, self._count(node), left, parts)

    def _parts_of(self, node: Node, text: str, single: bool = False) -> tuple[Part, ...]:
        if isinstance(node, Or):
            return tuple(self._part(part, text) for part in node.parts)
        if isinstance(node, And):
            return tuple(
                self._part(part, text, self._count(_all_of(node.parts[: at + 1])))
                for at, part in enumerate(node.parts)
            )
        return (self._part(node, text),) if single else ()

    def _droppable(self, root: Node, part: Part) -> list[Drop]:
        places = side_by_side(self._query.text)
        if not isinstance(root, And) or places is None or len(places) != len(root.parts):
            return [self._drop((part,), Every(0, 0), "")]
        nodes, parts = root.parts, part.parts
        for size in (1, 2) if len(nodes) <= _PAIRS else (1,):
            drops = []
            for gone in itertools.combinations(range(len(nodes)), size):
                kept = _all_of([each for at, each in enumerate(nodes) if at not in gone])
                if self._count(kept):
                    drops.append(self._without(gone, kept, parts, places))
            if drops:
                return sorted(drops, key=lambda drop: -drop.count)
        held: list[Node] = []
        missing: list[int] = []
        for at, node in enumerate(nodes):
            if self._count(_all_of([*held, node])):
                held.append(node)
            else:
                missing.append(at)
        return [self._without(tuple(missing), _all_of(held), parts, places)]

    def _without(
        self,
        gone: tuple[int, ...],
        kept: Node,
        parts: tuple[Part, ...],
        places: Sequence[tuple[int, int]],
    ) -> Drop:
        text = without_parts(self._query.text, [places[at] for at in gone])
        if any(key.field == RANK for key in self._query.sort) and not ranked_words(kept):
            text = without_field(text, "sort")  # its words have gone
        return self._drop(tuple(parts[at] for at in gone), kept, text)

    def _drop(self, parts: tuple[Part, ...], kept: Node, text: str) -> Drop:
        return Drop(parts, self._count(kept), text)


def _all_of(parts: Sequence[Node]) -> Node:
    if not parts:
        return Every(0, 0)
    return parts[0] if len(parts) == 1 else And(tuple(parts), parts[0].start, parts[-1].end)


def _moved(part: Part, start: int, end: int) -> Part:
    parts = tuple(_moved(each, start, end) for each in part.parts)
    return Part(part.words, start, end, part.count, part.left, parts)


def span(node: Node, text: str) -> tuple[int, int]:
    """Return from where to where a part of the text goes, with the name of its field."""
    found = _FIELD_BEFORE.search(text[: node.start])
    return (found.start() if found else node.start), node.end


def why_not(connection: sqlite3.Connection, query: Parsed, id: int, now: float) -> list[Reason]:
    """Return what each part that stands side by side says of one record, in the query's order;
    empty when there is no such record. Raises as `query_sql.find_ids` does."""
    row = connection.execute("SELECT kind, path FROM files WHERE id = ?", (id,)).fetchone()
    if row is None:
        return []
    path = None if row[0] == RECORD else os.fsdecode(row[1])

    def accepts(node: Node) -> bool:
        if path is not None:
            return problem_holds(node, path)
        part = Parsed(query.text, node)
        condition = compile_query(connection, part, now, only=id)
        sql = f"SELECT 1 FROM records r WHERE r.id = ? AND ({condition.sql})"
        with running(connection, part, never):
            return connection.execute(sql, (id, *condition.values)).fetchone() is not None

    def reason(node: Node, text: str | None, place: tuple[int, int]) -> Reason:
        start, end = place if text is None else span(node, text)
        inner: list[Node] = []
        if isinstance(node, (And, Or)):
            inner = list(node.parts)
        elif isinstance(node, Included):
            inner, text = parts_of(node.part), None
        elif isinstance(node, Not) and isinstance(node.part, (And, Or, Included)):
            inner = [node.part]
        parts = tuple(reason(each, text, (start, end)) for each in inner)
        known = "" if path is not None else query_facts.has(connection, id, node)
        return Reason(described(node), start, end, accepts(node), known, parts)

    return [reason(part, query.text, (0, 0)) for part in parts_of(query.root)]


def parts_of(node: Node) -> list[Node]:
    """Return what has to hold of every record."""
    return list(node.parts) if isinstance(node, And) else [node]
