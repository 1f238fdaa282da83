"""The sidebar's numbers among the records that a query asks for."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from reader.records.query import VIEW_LABELS, Count, Counts, View
from reader.records.querying import VIEWS, InvalidQuery, Parsed, QueryError, parse
from reader.records.querying.nodes import And, Every

from .counts import by_total, count_all, folders_of, topics_of, view_numbers
from .query_conditions import compile_query
from .query_problems import asks_for_problems, problem_ids
from .query_running import running
from .value_order import has_index
from .values import never

_MATCHED = "CREATE TEMP TABLE IF NOT EXISTS matched(id INTEGER PRIMARY KEY, state INTEGER NOT NULL)"

_FEW = 8
"""The part of all records of which fewer are looked at one by one."""


def count_facets(
    connection: sqlite3.Connection,
    query: Parsed,
    now: float,
    views: Mapping[str, str],
    cancelled: Callable[[], bool] = never,
) -> Counts:
    """Return the sidebar's numbers among the query's records; the user's own views come last. A
    view that is wrong has none.

    Raises as `query_sql.find_ids` does.
    """
    problems = _Problems(connection, query, now, views)
    if isinstance(query.root, Every):
        with running(connection, query, cancelled):
            whole = count_all(connection, now)
            own = _own_views(connection, now, views, problems, "records")
            return replace(whole, views=(*whole.views, *own))
    condition = compile_query(connection, query, now)
    with _matched(connection), running(connection, query, cancelled):
        connection.execute(
            "INSERT INTO temp.matched SELECT r.id, r.state FROM records r"
            f" WHERE {condition.sql} ORDER BY r.id",
            condition.values,
        )
        matched = connection.execute("SELECT count(*) FROM temp.matched").fetchone()[0]
        known = connection.execute("SELECT max(id) FROM records").fetchone()[0] or 0
        many = matched > known // _FEW
        return Counts(
            views=(
                *_views(connection, now, problems),
                *_own_views(connection, now, views, problems, "temp.matched"),
            ),
            topics=_topics(connection, many),
            folders=_folders(connection, many, problems),
            types=_column(connection, many, "type"),
            providers=_column(connection, many, "provider"),
        )


@contextmanager
def _matched(connection: sqlite3.Connection) -> Iterator[None]:
    """An empty table for the records asked for, and one moment of the index for all the counts."""
    connection.execute(_MATCHED)
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")  # leaves the table empty


class _Problems:
    """The files that cannot be read, as far as the query asks for them."""

    def __init__(
        self, connection: sqlite3.Connection, query: Parsed, now: float, views: Mapping[str, str]
    ) -> None:
        self._connection = connection
        self._query = query
        self._now = now
        self._views = views
        self.asked_for = asks_for_problems(query)

    def folders(self) -> list[bytes]:
        """Return where each lies; none where the query does not ask for them."""
        if not self.asked_for:
            return []
        sql = "SELECT path FROM files WHERE id = ?"
        return [
            os.path.dirname(self._connection.execute(sql, (id,)).fetchone()[0])
            for id in problem_ids(self._connection, self._query)
        ]

    def count(self, view: str) -> int:
        """Return how many would be listed were the view, a query, added to the query."""
        parsed = parse(view, now=self._now, views=self._views)
        if isinstance(parsed, QueryError):
            return 0
        both = Parsed(self._query.text, And((self._query.root, parsed.root), 0, 0))
        return len(problem_ids(self._connection, both))


def _views(connection: sqlite3.Connection, now: float, problems: _Problems) -> Iterator[Count]:
    numbers = view_numbers(connection, now, "temp.matched")
    for view in [*numbers, View.PROBLEMS]:
        unpublished, total = numbers.get(view, (0, 0))
        total += problems.count(VIEWS[view])
        yield Count(view.value, VIEW_LABELS[view], unpublished, total)


def _own_views(
    connection: sqlite3.Connection,
    now: float,
    views: Mapping[str, str],
    problems: _Problems,
    among: str,
) -> Iterator[Count]:
    for name, text in views.items():
        parsed = parse(text, now=now, views=views)
        if isinstance(parsed, QueryError):
            continue
        try:
            condition = compile_query(connection, parsed, now)
        except InvalidQuery:
            continue
        unpublished, total = connection.execute(
            f"SELECT total(r.state = 0), count(*) FROM {among} m"
            f" CROSS JOIN records r ON r.id = m.id WHERE {condition.sql}",
            condition.values,
        ).fetchone()
        yield Count(name, name, int(unpublished), total + problems.count(text))


def _topics(connection: sqlite3.Connection, many: bool) -> tuple[Count, ...]:
    # By the index, in its order, where most records match: no sorting. Else record by record.
    source = (
        "topics t INDEXED BY topics_by_key CROSS JOIN temp.matched m ON m.id = t.record"
        if many and has_index(connection, "topics_by_key")
        else "temp.matched m CROSS JOIN topics t ON t.record = m.id"
    )
    return topics_of(
        connection.execute(
            "SELECT t.key, t.label, total(m.state = 0), count(*)"
            f" FROM {source} GROUP BY t.key, t.label"
        )
    )


def _folders(connection: sqlite3.Connection, many: bool, problems: _Problems) -> tuple[Count, ...]:
    rows = _grouped(connection, many, "folder")
    return folders_of([*rows, *((folder, 0.0, 1) for folder in problems.folders())])


def _column(connection: sqlite3.Connection, many: bool, column: str) -> tuple[Count, ...]:
    return by_total(
        Count(value, value, int(unpublished), total)
        for value, unpublished, total in _grouped(connection, many, column)
        if value
    )


def _grouped(
    connection: sqlite3.Connection, many: bool, column: str
) -> Iterable[tuple[Any, float, int]]:
    """Return each value of a column, with how many of the matched records have it: unpublished
    ones and all."""
    source = (
        f"records r INDEXED BY by_{column} CROSS JOIN temp.matched m ON m.id = r.id"
        if many and has_index(connection, f"by_{column}")
        else "temp.matched m CROSS JOIN records r ON r.id = m.id"
    )
    return connection.execute(
        f"SELECT r.{column}, total(r.state = 0), count(*) FROM {source} GROUP BY r.{column}"
    )
