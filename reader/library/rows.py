"""What the index holds of records whose ids are known: the list's rows, and what edits need."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from reader.records import text
from reader.records.record import State
from reader.records.row import Row
from reader.records.verdicts import WORST

from .schema import PROBLEM

if TYPE_CHECKING:
    from .outcome import Target

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


def with_topics(connection: sqlite3.Connection, rows: Sequence[Row]) -> list[Row]:
    """Return rows with the topics of their records."""
    found: dict[int, list[str]] = {}
    size = _ROWS_AT_ONCE[0]
    marks = ",".join("?" * size)
    for start in range(0, len(rows), size):
        part = [row.id for row in rows[start : start + size]]
        part += [-1] * (size - len(part))
        sql = f"SELECT record, label FROM topics WHERE record IN ({marks}) ORDER BY record, key"
        for record, label in connection.execute(sql, part):
            found.setdefault(record, []).append(label)
    return [row._replace(topics=tuple(found.get(row.id, ()))) for row in rows]


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
