"""The sidebar's numbers, of the whole collection."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable

from reader.records.query import VIEW_LABELS, Count, Counts, View

from .queries import days
from .rows import shown_path
from .schema import BUSY, PROBLEM


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
