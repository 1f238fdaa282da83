"""A query of the language (`reader.records.querying`) asked of the index: its records in their order,
and how many they are."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Sequence

from reader.records.querying import Parsed

from .joined_ids import ids_of
from .queries import any_deferred
from .query_conditions import LISTED, compile_query
from .query_newest import newest_ids
from .query_order import leading, order_of
from .query_problems import problem_ids
from .query_running import running
from .value_order import in_order
from .values import never


def find_ids(
    connection: sqlite3.Connection,
    query: Parsed,
    now: float,
    limit: int | None = None,
    cancelled: Callable[[], bool] = never,
    also: Sequence[int] = (),
    as_queue: bool = False,
) -> array[int]:
    """Return the ids of the records that the query asks for, in its order (the newest first,
    where it names none). Problems take part where `is:problem` is said, and come last.

    `also`: ids of records that are listed in their place whether asked for or not. `as_queue`: in
    the view Unpublished what came due stands first; in Deferred, what comes due first.

    Raises InvalidQuery when a value is unknown in this collection or the texts take too long to
    look through; `query_running.QueryCancelled` when `cancelled` said so.
    """
    condition = compile_query(connection, query, now)
    joins, values, order = order_of(query)
    source = f"records r{joins}"
    where = condition.sql
    values += condition.values
    if also:
        where = f"({where} OR r.id IN {LISTED})"
        values.append(json.dumps(list(also)))
    first, bound = leading(query, now) if as_queue and any_deferred(connection) else ("", [])
    values += bound
    order = f" ORDER BY {first}{order}"
    if not first and len(query.sort) == 1:
        field, descending = query.sort[0].field, query.sort[0].descending
        by_value = in_order(connection, field, descending=descending)
        if by_value is not None:
            source, order = by_value, ""
    sql = f"SELECT r.id AS id FROM {source} WHERE {where}{order} LIMIT ?"
    values.append(-1 if limit is None else limit)
    with running(connection, query, cancelled):
        if limit is not None and not query.sort and not first and not also:
            newest = newest_ids(connection, query, now, limit)
            if newest is not None:
                return newest
        joined = connection.execute(f"SELECT group_concat(id) FROM ({sql})", values).fetchone()[0]
    ids = ids_of(joined)
    ids.extend(problem_ids(connection, query))
    return ids if limit is None else ids[:limit]


def count_ids(
    connection: sqlite3.Connection,
    query: Parsed,
    now: float,
    cancelled: Callable[[], bool] = never,
    with_problems: bool | None = None,
) -> int:
    """Return how many records the query asks for; problems too where it, or `with_problems`, says
    so. Raises as `find_ids` does."""
    condition = compile_query(connection, query, now)
    sql = f"SELECT count(*) FROM records r WHERE {condition.sql}"
    with running(connection, query, cancelled):
        found: int = connection.execute(sql, condition.values).fetchone()[0]
    return found + len(problem_ids(connection, query, with_problems))
