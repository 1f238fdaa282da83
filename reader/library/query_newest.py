"""The first screen of a query that very many records satisfy: found among the newest alone, before the
full-text table has named all that begin with the one letter typed so far."""

from __future__ import annotations

import sqlite3
import time
from array import array

from reader.records.querying import Parsed, leaves
from reader.records.querying.nodes import And, Between, Every, Is, Node, Or, Text, Value
from reader.records.querying.patterns import folded, word_pattern

from . import trigrams
from .joined_ids import ids_of
from .query_conditions import COLUMNS, LISTED, Compiler, Sql
from .value_order import TEXTS

PROBED = 150
"""The newest records, of which so many have to be asked for that looking on is worth it: a fifth."""
MOST = 2500
"""The records that are looked at one by one at most."""
SLOW = 0.02
"""Seconds after which records so long that they take them are left to the full-text table."""
_IN_RECORDS = ("date", "quality", "heat")
_NEWEST = (
    "(SELECT id, state, date, quality, heat, warned, key, provider, type, category, domain"
    " FROM records ORDER BY date DESC, id LIMIT {:d}) r"
)


def newest_ids(
    connection: sqlite3.Connection, query: Parsed, now: float, limit: int
) -> array[int] | None:
    """Return the first ids of the query, which has no order of its own; None: they are not found
    this way, and all have to be looked for. To be called while `query_running.running`."""
    if not any(isinstance(leaf, (Text, Value)) for leaf in leaves(query.root)):
        return None
    if not all(map(_is_quick, leaves(query.root))):
        return None
    sql, values = _OneByOne(connection, int(now), None).node(query.root)

    def found(among: int) -> array[int]:
        joined = connection.execute(
            f"SELECT group_concat(id) FROM (SELECT r.id AS id FROM {_NEWEST.format(among)}"
            f" WHERE {sql} LIMIT ?)",
            (*values, limit),
        ).fetchone()[0]
        return ids_of(joined)

    begun = time.monotonic()
    probed = found(PROBED)
    if len(probed) >= limit:
        return probed
    if len(probed) * 5 < PROBED or time.monotonic() - begun > SLOW:
        return None
    ids = found(min(MOST, PROBED * limit * 3 // (2 * len(probed))))
    return ids if len(ids) >= limit else None


def _is_quick(leaf: Node) -> bool:
    """Return whether one record's answer takes no more than a look at it."""
    match leaf:
        case Text():
            return len(leaf.pieces) == 1 and folded(leaf.pieces[0]).isalnum()
        case Value():
            return leaf.field in (*TEXTS, "topic")
        case Between():
            return leaf.field in _IN_RECORDS
        case Is():
            return leaf.what not in ("decided", "problem")
    return isinstance(leaf, Every)


class _OneByOne(Compiler):
    """Words are looked for in the record's own texts, not in the full-text table; topics among its
    own."""

    def joined(self, node: And | Or, word: str) -> Sql:
        conditions: list[str] = []
        values: list[object] = []
        for part in node.parts:
            sql, bound = self.node(part)
            conditions.append(sql)
            values += bound
        return f"({f' {word} '.join(conditions)})", values

    def among(self, field: str) -> str:
        if field == "topic":
            return f"EXISTS (SELECT 1 FROM topics WHERE record = r.id AND key IN {LISTED})"
        return super().among(field)

    def text(self, node: Text) -> Sql:
        column = COLUMNS[node.field] if node.field else trigrams.TEXT
        test = f"reader_matches(?, CAST({column} AS BLOB))"
        return f"(SELECT {test} FROM words_content WHERE id = r.id)", [word_pattern(node.pieces)]
