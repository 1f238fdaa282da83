"""The SQL behind the lists and the sidebar."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from reader.records import text
from reader.records.query import SORT_FIELDS, VIEW_LABELS, Count, Counts, Facet, Query, View
from reader.records.record import State
from reader.records.row import Row
from reader.records.verdicts import WORST

from .schema import BUSY, PROBLEM

if TYPE_CHECKING:
    from .outcome import Target

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
    ("title", "r.title = ''"),
    ("provider", "r.provider = ''"),
    ("quality", "r.quality IS NULL"),
    ("heat", "r.heat IS NULL"),
):
    _by = f"r.{_field} COLLATE NOCASE" if "''" in _empty else f"r.{_field}"
    _ORDERS[_field] = f"{_empty}, {_by}, r.date DESC, r.id"
    _ORDERS[f"-{_field}"] = f"{_empty}, {_by} DESC, r.date DESC, r.id"

_LINK = (
    "(SELECT min(CASE v.said "
    + " ".join(f"WHEN '{verdict}' THEN {at}" for at, verdict in enumerate(WORST))
    + " END) FROM links l CROSS JOIN state.verdicts v ON v.key = l.key WHERE l.record = r.id)"
)
_ROW = (
    "SELECT r.id, r.state, s.read_at IS NOT NULL, s.starred_at IS NOT NULL, r.date,"
    f" r.quality, r.heat, r.provider, r.title, r.type, r.warned, s.deferred_until, {_LINK}"
    " FROM records r LEFT JOIN state.reading s ON s.key = r.key"
)
_ROWS_AT_ONCE = (64, 512)  # two lengths, so that the statements stay prepared


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
    sql, values = _ids(query, now, _any_deferred(connection))
    # One row with all of them: a row each would cost a Python object and a turn of the
    # interpreter's lock each. LIMIT keeps SQLite from dropping the inner order.
    joined = connection.execute(
        f"SELECT group_concat(id) FROM ({sql} LIMIT ?)", (*values, -1 if limit is None else limit)
    ).fetchone()[0]
    return array("q", map(int, joined.split(",")) if joined else ())


def _any_deferred(connection: sqlite3.Connection) -> bool:
    sql = "SELECT 1 FROM state.reading WHERE deferred_until IS NOT NULL LIMIT 1"
    return connection.execute(sql).fetchone() is not None


def _ids(query: Query, now: float, any_deferred: bool) -> tuple[str, list[object]]:
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
    condition, bounds = _view(query.view, now, any_deferred)
    if condition:
        if query.also:
            condition = f"({condition} OR r.id IN (SELECT value FROM json_each(?)))"
            bounds = [*bounds, json.dumps(query.also)]
        where.append(condition)
        values += bounds
    clause = f" WHERE {' AND '.join(where)}" if where else ""
    order = _ORDERS[query.sort]
    if query.view is View.UNPUBLISHED and any_deferred:
        # Those deferred until now come first: somebody wanted to see them again.
        order = f"NOT EXISTS ({_DEFERRED} <= ?), {order}"
        values.append(int(now))
    elif query.view is View.DEFERRED and query.sort == "-date":
        order = f"(SELECT s.deferred_until FROM state.reading s WHERE s.key = r.key), {order}"
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


def select_rows(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Row]:
    """Return a row for each id that exists, in the order given."""
    found: dict[int, Row] = {}
    size = _ROWS_AT_ONCE[len(ids) > _ROWS_AT_ONCE[0]]
    marks = ",".join("?" * size)
    for start in range(0, len(ids), size):
        part = list(ids[start : start + size])
        part += [-1] * (size - len(part))
        for row in connection.execute(f"{_ROW} WHERE r.id IN ({marks})", part):
            found[row[0]] = _row(row)
    missing = [each for each in ids if each not in found]
    if missing:
        found.update(_problem_rows(connection, missing))
    return [found[each] for each in ids if each in found]


def _row(row: tuple[Any, ...]) -> Row:
    id, state, read, starred, date, quality, heat, provider, title, type, warned, until, link = row
    return Row(
        id,
        State(state),
        bool(read),
        bool(starred),
        date,
        quality,
        heat,
        provider,
        title,
        type,
        bool(warned),
        until,
        None if link is None else WORST[link],
    )


def _problem_rows(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, Row]:
    found = {}
    for each in ids:
        for (path,) in connection.execute(
            "SELECT path FROM files WHERE id = ? AND kind = ?", (each, PROBLEM)
        ):
            title = shown_path(path)
            found[each] = Row(
                each, State.PROBLEM, False, False, None, None, None, "", title, "", True
            )
    return found


def select_names(connection: sqlite3.Connection, ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return the key under which the state knows each record, and a name for it."""
    names = []
    for each in ids:
        for key, path in connection.execute(
            "SELECT r.key, f.path FROM records r JOIN files f USING(id) WHERE id = ?", (each,)
        ):
            names.append((key, shown_path(path)))
    return names


def select_targets(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Target]:
    """Return what an edit needs to know of each record, as the index shows it, in the order given;
    without problems and what is gone."""
    from .outcome import Target  # here: only edits need it

    targets = []
    for each in ids:
        for path, key, state, quality in connection.execute(
            "SELECT f.path, r.key, r.state, r.quality FROM records r JOIN files f USING(id)"
            " WHERE id = ?",
            (each,),
        ):
            targets.append(Target(path, key, None, State(state), quality, each))
    return targets


def shown_path(path: bytes) -> str:
    """Return a path safe to show."""
    return text.encodable(text.clean(os.fsdecode(path)))


def select_mentions(connection: sqlite3.Connection, id: int, limit: int) -> list[Row]:
    """Return the records whose related links name this one, newest first."""
    return [
        _row(row)
        for row in connection.execute(
            f"{_ROW} WHERE r.id IN (SELECT m.record FROM urls u JOIN mentions m ON m.key = u.key"
            " WHERE u.record = ?1 AND m.record != ?1) ORDER BY r.date DESC, r.id LIMIT ?2",
            (id, limit),
        )
    ]


# -- the sidebar ---------------------------------------------------------------------------


def count_all(connection: sqlite3.Connection, now: float) -> Counts:
    """Return the sidebar's numbers."""
    return Counts(
        views=_count_views(connection, now),
        topics=_count_topics(connection),
        folders=_count_folders(connection),
        types=_count_column(connection, "type"),
        providers=_count_column(connection, "provider"),
    )


def view_conditions(now: float) -> dict[View, str]:
    """Return which records each view holds, problems apart, as SQL over `records r` and `s`, what
    the state says of each."""
    between = "ifnull(r.date >= {} AND r.date < {}, 0)"
    return {
        View.ALL: "1",
        View.UNPUBLISHED: f"r.state = 0 AND ifnull(s.deferred_until, 0) <= {int(now)}",
        View.PUBLISHED: "r.state = 1",
        View.REJECTED: "r.state = 2",
        View.TODAY: between.format(*days(now, 1)),
        View.THIS_WEEK: between.format(*days(now, 7)),
        View.UNREAD: "s.read_at IS NULL",
        View.STARRED: "s.starred_at IS NOT NULL",
        View.DEFERRED: f"r.state = 0 AND ifnull(s.deferred_until, 0) > {int(now)}",
    }


def _count_views(connection: sqlite3.Connection, now: float) -> tuple[Count, ...]:
    def pair(condition: str) -> str:
        # total() of nothing is 0.0 where sum() is NULL
        return f"total(({condition}) AND r.state = 0), total({condition})"

    parts = view_conditions(now)
    numbers = connection.execute(
        f"SELECT {', '.join(pair(part) for part in parts.values())}"
        " FROM records r INDEXED BY by_date LEFT JOIN state.reading s ON s.key = r.key"
    ).fetchone()
    problems = connection.execute(
        "SELECT count(*) FROM files WHERE kind > 0 AND kind = ?", (PROBLEM,)
    ).fetchone()[0]
    counts = [
        Count(view.value, VIEW_LABELS[view], int(numbers[2 * at]), int(numbers[2 * at + 1]))
        for at, view in enumerate(parts)
    ]
    return (*counts, Count(View.PROBLEMS.value, VIEW_LABELS[View.PROBLEMS], 0, problems))


def _count_topics(connection: sqlite3.Connection) -> tuple[Count, ...]:
    # All from the index alone, in its order; then the unpublished ones, which are the fewer.
    unpublished = {
        row[:2]: row[2]
        for row in connection.execute(
            "SELECT t.key, t.label, count(*) FROM records r CROSS JOIN topics t ON t.record = r.id"
            " WHERE r.state = 0 GROUP BY t.key, t.label"
        )
    }
    return topics_of(
        (key, label, unpublished.get((key, label), 0), total)
        for key, label, total in connection.execute(
            "SELECT key, label, count(*) FROM topics GROUP BY key, label"
        )
    )


def topics_of(rows: Iterable[tuple[str, str, float, int]]) -> tuple[Count, ...]:
    """Return the topics from rows of key, spelling, unpublished and all records; a topic is called
    as most records spell it."""
    spellings: dict[str, list[tuple[int, str, int]]] = {}
    for key, label, unpublished, total in rows:
        spellings.setdefault(key, []).append((total, label, int(unpublished)))
    return by_total(
        Count(
            key,
            min(forms, key=lambda form: (-form[0], form[1]))[1],
            sum(form[2] for form in forms),
            sum(form[0] for form in forms),
        )
        for key, forms in spellings.items()
    )


def _count_folders(connection: sqlite3.Connection) -> tuple[Count, ...]:
    return folders_of(
        connection.execute("SELECT folder, total(state = 0), count(*) FROM records GROUP BY folder")
    )


def folders_of(rows: Iterable[tuple[bytes, float, int]]) -> tuple[Count, ...]:
    """Return the folders from rows of folder, unpublished and all records right in it; each counts
    what lies below it too."""
    sums: dict[bytes, list[int]] = {}
    for folder, unpublished, total in rows:
        while folder:
            numbers = sums.setdefault(folder, [0, 0])
            numbers[0] += int(unpublished)
            numbers[1] += total
            folder = os.path.dirname(folder)
    return tuple(
        Count(os.fsdecode(folder), shown_path(folder), *sums[folder])
        for folder in sorted(sums, key=lambda folder: folder.split(b"/"))
    )


def _count_column(connection: sqlite3.Connection, column: str) -> tuple[Count, ...]:
    return by_total(
        Count(value, value, int(unpublished), total)
        for value, unpublished, total in connection.execute(
            f"SELECT {column}, total(state = 0), count(*) FROM records"
            f" WHERE {column} != '' GROUP BY {column}"
        )
    )


def by_total(counts: Iterable[Count]) -> tuple[Count, ...]:
    """Return the counts, the greatest first."""
    return tuple(sorted(counts, key=lambda count: (-count.total, count.label)))


def keep_counts(connection: sqlite3.Connection, counts: Counts) -> None:
    """Store the counts for the next start, unless someone is writing just now."""
    sections = (counts.views, counts.topics, counts.folders, counts.types, counts.providers)
    data = json.dumps(sections)
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute(
            "INSERT INTO main.meta VALUES('counts', ?1) ON CONFLICT(key)"
            " DO UPDATE SET value = ?1 WHERE value != ?1",
            (data,),
        )
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY}")


def counts_from_json(data: str) -> Counts:
    """Return the counts as they were stored; none when they cannot be read."""
    try:
        return Counts(*(tuple(Count(*each) for each in section) for section in json.loads(data)))
    except (ValueError, TypeError):
        return Counts()
