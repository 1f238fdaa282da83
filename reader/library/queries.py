"""Which records a view holds, and in which order, as SQL: what a start lists without the query
language."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from array import array
from collections.abc import Sequence

from reader.records.query import SORT_FIELDS, Facet, Query, View
from reader.records.record import State

from .joined_ids import ids_of
from .schema import PROBLEM
from .value_order import in_order

_READ = "SELECT 1 FROM state.reading s WHERE s.key = r.key AND s.read_at IS NOT NULL"
_STARRED = "SELECT 1 FROM state.reading s WHERE s.key = r.key AND s.starred_at IS NOT NULL"

_DEFERRED = "SELECT 1 FROM state.reading s WHERE s.key = r.key AND s.deferred_until"

_STATES = {
    View.PUBLISHED: State.PUBLISHED,
    View.REJECTED: State.REJECTED,
}

# What has no value to sort by comes last, whichever way the list runs.
_ORDERS = {
    "date": "r.date IS NULL, r.date, r.id",
    "-date": "r.date DESC, r.id",  # NULL sorts below all else: last already, and indexed
    "path": "f.path",
    "-path": "f.path DESC",
}
for _field, _empty in (
    ("title", ""),
    ("provider", "r.provider = ''"),
    ("quality", "r.quality IS NULL"),
    ("heat", "r.heat IS NULL"),
):
    _by = f"r.{_field}" if "NULL" in _empty else f"r.{_field} COLLATE NOCASE"
    _by = f"{_empty}, {_by}" if _empty else _by
    _ORDERS[_field] = f"{_by}, r.date DESC, r.id"
    _ORDERS[f"-{_field}"] = f"{_by} DESC, r.date DESC, r.id"


def days(now: float, count: int) -> tuple[int, int]:
    """Return the seconds since 1970 between which the last `count` local days lie, the one of
    `now` included and whole."""
    year, month, day = time.localtime(now)[:3]
    first = time.mktime((year, month, day - count + 1, 0, 0, 0, 0, 0, -1))
    after = time.mktime((year, month, day + 1, 0, 0, 0, 0, 0, -1))
    return int(first), int(after)


def select_ids(
    connection: sqlite3.Connection, query: Query, now: float, limit: int | None
) -> array[int]:
    """Return the ids of the query's records, in its order."""
    sql, values = _ids(connection, query, now)
    # One row with all of them: a row each would cost a Python object and a turn of the
    # interpreter's lock each. LIMIT keeps SQLite from dropping the inner order.
    joined = connection.execute(
        f"SELECT group_concat(id) FROM ({sql} LIMIT ?)", (*values, -1 if limit is None else limit)
    ).fetchone()[0]
    return ids_of(joined)


def still_in(
    connection: sqlite3.Connection, view: View, ids: Sequence[int], now: float
) -> list[int]:
    """Return those of the ids that are in a view, in the order given."""
    condition, values = _view(view, now, any_deferred(connection))
    sql = f"SELECT r.id FROM records r WHERE {condition or '1'}"
    if view is View.PROBLEMS:
        sql, values = "SELECT r.id FROM files r WHERE r.kind = ?", [PROBLEM]
    sql += " AND r.id IN (SELECT value FROM json_each(?))"
    found = {id for (id,) in connection.execute(sql, (*values, json.dumps(list(ids))))}
    return [id for id in ids if id in found]


def any_deferred(connection: sqlite3.Connection) -> bool:
    """Return whether any record is, or was until now."""
    sql = "SELECT 1 FROM state.reading WHERE deferred_until IS NOT NULL LIMIT 1"
    return connection.execute(sql).fetchone() is not None


def _ids(connection: sqlite3.Connection, query: Query, now: float) -> tuple[str, list[object]]:
    if query.sort.removeprefix("-") not in SORT_FIELDS:
        raise ValueError(f"cannot sort by {query.sort!r}: one of {', '.join(SORT_FIELDS)}")
    if query.view is View.PROBLEMS:
        return _problem_ids(query)
    source = "records r"
    values: list[object] = []
    where: list[str] = []
    if query.facet is Facet.TOPIC:
        # CROSS JOIN keeps the topic first: reading all records in order costs more.
        source = "topics t CROSS JOIN records r ON r.id = t.record"
        where.append("t.key = ?")
        values.append(query.facet_key)
    elif query.facet is Facet.FOLDER:
        condition, bounds = _below("r.folder", query.facet_key)
        where.append(condition)
        values += bounds
    elif query.facet is not None:
        where.append(f"r.{query.facet.value} = ?")
        values.append(query.facet_key)
    if query.sort.endswith("path"):
        source += " JOIN files f ON f.id = r.id"
    has_deferred = any_deferred(connection)
    condition, bounds = _view(query.view, now, has_deferred)
    if condition:
        if query.also:
            condition = f"({condition} OR r.id IN (SELECT value FROM json_each(?)))"
            bounds = [*bounds, json.dumps(query.also)]
        where.append(condition)
        values += bounds
    clause = f" WHERE {' AND '.join(where)}" if where else ""
    order = _ORDERS[query.sort]
    if query.view is View.UNPUBLISHED and has_deferred:
        # Those deferred until now come first: somebody wanted to see them again.
        order = f"NOT EXISTS ({_DEFERRED} <= ?), {order}"
        values.append(int(now))
    elif query.view is View.DEFERRED and query.sort == "-date":
        order = f"(SELECT s.deferred_until FROM state.reading s WHERE s.key = r.key), {order}"
    elif source == "records r":
        field = query.sort.removeprefix("-")
        by_value = in_order(connection, field, descending=field != query.sort)
        if by_value is not None:
            return f"SELECT r.id AS id FROM {by_value}{clause}", values
    return f"SELECT r.id AS id FROM {source}{clause} ORDER BY {order}", values


def _view(view: View, now: float, any_deferred: bool) -> tuple[str, list[object]]:
    if view is View.UNPUBLISHED:
        if not any_deferred:
            return "r.state = 0", []
        return f"r.state = 0 AND NOT EXISTS ({_DEFERRED} > ?)", [int(now)]
    if view is View.DEFERRED:
        return f"r.state = 0 AND EXISTS ({_DEFERRED} > ?)", [int(now)]
    if view in _STATES:
        return "r.state = ?", [int(_STATES[view])]
    if view is View.TODAY:
        return "r.date >= ? AND r.date < ?", [*days(now, 1)]
    if view is View.THIS_WEEK:
        return "r.date >= ? AND r.date < ?", [*days(now, 7)]
    if view is View.UNREAD:
        return f"NOT EXISTS ({_READ})", []
    if view is View.STARRED:
        return f"EXISTS ({_STARRED})", []
    return "", []


def _problem_ids(query: Query) -> tuple[str, list[object]]:
    where = "kind = ?"
    values: list[object] = [PROBLEM]
    order = "path DESC" if query.sort == "-path" else "path"
    if query.facet is Facet.FOLDER:
        condition, bounds = _below("path", query.facet_key)
        return f"SELECT id FROM files WHERE {where} AND {condition} ORDER BY {order}", [
            *values,
            *bounds,
        ]
    if query.facet is not None:  # a file that cannot be read has no topic, type or provider
        where += " AND 0"
    return f"SELECT id FROM files WHERE {where} ORDER BY {order}", [*values]


def _below(column: str, folder: str) -> tuple[str, list[object]]:
    """A folder and all below it: `/` is followed by `0`, so the range is exact on bytes."""
    if not folder:
        return "1", []
    path = os.fsencode(folder)
    return f"({column} = ? OR ({column} >= ? AND {column} < ?))", [path, path + b"/", path + b"0"]
