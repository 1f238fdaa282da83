"""The sidebar's numbers, of the whole collection."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable

from reader.records.query import VIEW_LABELS, Count, Counts, View

from .queries import any_deferred, days
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


def _count_views(connection: sqlite3.Connection, now: float) -> tuple[Count, ...]:
    problems = connection.execute(
        "SELECT count(*) FROM files WHERE kind > 0 AND kind = ?", (PROBLEM,)
    ).fetchone()[0]
    numbers = view_numbers(connection, now)
    counts = [Count(view.value, VIEW_LABELS[view], *numbers[view]) for view in numbers]
    return (*counts, Count(View.PROBLEMS.value, VIEW_LABELS[View.PROBLEMS], 0, problems))


_ALL_STATES = (0, 0, 0)
"""How many records are in each state, by its number."""


def view_numbers(
    connection: sqlite3.Connection, now: float, among: str = ""
) -> dict[View, tuple[int, int]]:
    """Return how many records each view holds, unpublished ones and all, problems apart; of those
    in the table `among` (id, state), where it is named."""
    inside = f" AND r.id IN (SELECT id FROM {among})" if among else ""
    every = _by_state(
        connection, f"SELECT state, count(*) FROM {among or 'records'} GROUP BY state"
    )

    def in_days(count: int) -> tuple[int, int]:
        # By the dates alone, which are few; the records are not gone through for it.
        return _pair(
            _by_state(
                connection,
                "SELECT r.state, count(*) FROM records r INDEXED BY by_date"
                f" WHERE r.date >= ? AND r.date < ?{inside} GROUP BY r.state",
                *days(now, count),
            )
        )

    def marked(condition: str, *values: object) -> list[int]:
        # What is marked is in the index by date, each with its key; most records are not marked.
        return _by_state(
            connection,
            "SELECT r.state, count(*) FROM records r INDEXED BY by_date"
            f" CROSS JOIN state.reading s ON s.key = r.key WHERE {condition}{inside}"
            " GROUP BY r.state",
            *values,
        )

    has_marks = connection.execute("SELECT 1 FROM state.reading LIMIT 1").fetchone() is not None
    read = marked("s.read_at IS NOT NULL") if has_marks else [*_ALL_STATES]
    starred = marked("s.starred_at IS NOT NULL") if has_marks else [*_ALL_STATES]
    later = any_deferred(connection)
    deferred = marked("s.deferred_until > ?", int(now))[0] if later else 0
    unpublished = every[0] - deferred
    return {
        View.ALL: _pair(every),
        View.UNPUBLISHED: (unpublished, unpublished),
        View.PUBLISHED: (0, every[1]),
        View.REJECTED: (0, every[2]),
        View.TODAY: in_days(1),
        View.THIS_WEEK: in_days(7),
        View.UNREAD: _pair([all - some for all, some in zip(every, read, strict=True)]),
        View.STARRED: _pair(starred),
        View.DEFERRED: (deferred, deferred),
    }


def _by_state(connection: sqlite3.Connection, sql: str, *values: object) -> list[int]:
    numbers = [*_ALL_STATES]
    for state, count in connection.execute(sql, values):
        numbers[state] = count
    return numbers


def _pair(by_state: list[int]) -> tuple[int, int]:
    return by_state[0], sum(by_state)


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
