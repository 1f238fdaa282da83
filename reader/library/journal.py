"""The journal: every edit ever made here, in the file of the reader's own state.

An action of the user is a step; what it changes in one file is an entry of that step. Before a
file is touched its entry is stored as pending, with the bytes that go and come and the hashes of
the whole file before and after; afterwards it is settled. So a process that dies in between leaves
a pending entry, and the file itself tells which way it went.

Taking a step back is a step too, of the kind `undo`; taking that back is one of the kind `redo`.
"""

from __future__ import annotations

import enum
import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reader.records import json_values
from reader.records.decisions import Decision
from reader.records.edit import AddItem, Change, RemoveItem, SetField
from reader.records.history import shown_changes
from reader.records.splice import Splice

from . import locks, state

LOCK_WAIT = 60.0  # seconds for which another process's batch of edits is waited for


class JournalError(Exception):
    """The journal cannot be used, so nothing may be edited; the reason is for the user."""


class Status(enum.IntEnum):
    """Where an entry stands. The numbers are stored."""

    PENDING = 0
    DONE = 1
    FORGOTTEN = 2
    """It was never made, or its file turned out as it was."""


class How(enum.StrEnum):
    """What kind of action a step was."""

    DECISION = "decision"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a user, on one record or many at once."""

    id: int
    at: float
    """Seconds since 1970."""
    who: str
    origin: str
    """`interface` or `command`."""
    session: str
    how: How
    decision: Decision
    of: int | None
    """The step it takes back."""
    taken_back_by: int | None
    entries: int = 0
    """How many records it changed."""
    title: str = ""
    """Of the first of them; of an undo, which goes backwards, the last: it is that of its step."""

    @property
    def back(self) -> How:
        """What taking it back is."""
        return How.REDO if self.how is How.UNDO else How.UNDO


@dataclass(frozen=True, slots=True)
class Marked:
    """A change of the reader's own state."""

    column: str
    was: int | None
    to: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A file that went from one place to another; real and whole paths."""

    source: bytes
    target: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """What a step changes of one record."""

    path: bytes
    """Relative to the collection."""
    title: str
    key: int
    """As the reader's own state knows the record."""
    changes: tuple[Change, ...] = ()
    splices: tuple[Splice, ...] = ()
    before: bytes = b""
    """Hash of the whole file before."""
    after: bytes = b""
    marked: Marked | None = None
    moved: Moved | None = None
    temp: bytes = b""
    """The temporary file beside it."""
    of: int | None = None
    """The entry that it takes back."""
    id: int = 0
    step: int = 0
    status: Status = Status.PENDING

    def shown(self) -> list[tuple[str, str]]:
        """Return what went (`-`) and what came (`+`), each with a line that is safe to show."""
        marked, moved = self.marked, self.moved
        return shown_changes(
            self.splices,
            None if marked is None else (marked.column, marked.was, marked.to),
            None if moved is None else (moved.source, moved.target),
        )


@dataclass(frozen=True, slots=True)
class Uncommitted:
    """An edit of a file that has not been committed yet."""

    entry: Entry
    decision: Decision | None
    """None: it has been taken back, or takes one back."""


def hash_of(data: bytes) -> bytes:
    """Return the hash by which the journal knows a file's bytes (SHA-256)."""
    return hashlib.sha256(data).digest()


_STEP = (
    "SELECT s.id, s.at, s.who, s.origin, s.session, s.how, s.decision, s.of, s.taken_back_by,"
    " (SELECT count(*) FROM entries e WHERE e.step = s.id AND e.status = 1),"
    " CASE s.how WHEN 'undo'"
    " THEN (SELECT e.title FROM entries e WHERE e.step = s.id AND e.status = 1"
    " ORDER BY e.id DESC LIMIT 1)"
    " ELSE (SELECT e.title FROM entries e WHERE e.step = s.id AND e.status = 1"
    " ORDER BY e.id LIMIT 1) END FROM steps s"
)
_COLUMNS = (
    "e.id, e.step, e.status, e.path, e.title, e.key, e.changes, e.splices, e.before, e.after,"
    " e.temp, e.of"
)
_ENTRY = f"SELECT {_COLUMNS} FROM entries e"


class Journal:
    """The journal of one collection. Safe to use from several threads and processes at once."""

    def __init__(self, path: str) -> None:
        """Raises JournalError when it cannot be opened or written."""
        self._path = path
        self._lock = threading.RLock()
        try:
            self._connection = state.connect(path)
        except (OSError, sqlite3.Error) as error:
            raise _unusable(path, error) from None

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who edits, on this machine and for this journal. Whoever holds this and
        finds pending entries knows that the process that made them is gone.

        Raises JournalError."""
        try:
            with locks.held(f"{self._path}.lock", LOCK_WAIT), self._lock:
                yield
        except locks.LockedError:
            raise JournalError(
                "Another reader has been editing for a minute; nothing was done. Try again."
            ) from None
        except (OSError, sqlite3.Error) as error:
            raise _unusable(self._path, error) from None

    # -- writing ----------------------------------------------------------------------------------
    def begin(self, step: Step) -> int:
        """Store a step, and with it that the one it takes back is taken back; return its id."""
        with self._transaction() as connection:
            decision = json.dumps(step.decision.as_json())
            cursor = connection.execute(
                "INSERT INTO steps(at, who, origin, session, how, decision, of)"
                " VALUES(?,?,?,?,?,?,?)",
                (step.at, step.who, step.origin, step.session, step.how, decision, step.of),
            )
            id = int(cursor.lastrowid or 0)
            if step.of is not None:
                connection.execute("UPDATE steps SET taken_back_by = ? WHERE id = ?", (id, step.of))
            return id

    def intend(self, step: int, entries: Sequence[Entry]) -> list[int]:
        """Store what is about to be done, on the disk; return the entries' ids."""
        ids = []
        with self._transaction() as connection:
            for entry in entries:
                cursor = connection.execute(
                    "INSERT INTO entries(step, status, path, title, key, changes, splices, before,"
                    " after, temp, of) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
                    (
                        step,
                        Status.PENDING,
                        entry.path,
                        entry.title,
                        entry.key,
                        json.dumps(_packed(entry)),
                        json.dumps([_packed_splice(each) for each in entry.splices]),
                        entry.before,
                        entry.after,
                        entry.temp,
                        entry.of,
                    ),
                )
                ids.append(int(cursor.lastrowid or 0))
        return ids

    def settle(self, done: Iterable[int], forgotten: Iterable[int]) -> None:
        """Say what became of pending entries; changes of the reader's own state are made now."""
        with self._transaction() as connection:
            for id in done:
                row = connection.execute(f"{_ENTRY} WHERE id = ?", (id,)).fetchone()
                if row is not None and (entry := _entry(row)).marked is not None:
                    _mark(connection, entry)
                connection.execute("UPDATE entries SET status = 1 WHERE id = ?", (id,))
            connection.executemany(
                "UPDATE entries SET status = 2 WHERE id = ?", [(id,) for id in forgotten]
            )

    def let_stand(self, step: int) -> None:
        """Have `undo` pass over a step from now on: its user has decided to leave it."""
        with self._transaction() as connection:
            connection.execute("UPDATE steps SET taken_back_by = -1 WHERE id = ?", (step,))

    def note_committed(self, paths: Iterable[bytes]) -> None:
        """Note that the edits of these paths have been committed."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE entries SET committed = 1 WHERE path = ? AND committed = 0",
                [(path,) for path in paths],
            )

    # -- reading ----------------------------------------------------------------------------------
    def pending(self) -> list[Entry]:
        """Return the entries of which it is not known whether they were made."""
        return self._entries("WHERE status = 0 ORDER BY id")

    def entries(self, step: int) -> list[Entry]:
        """Return what a step changed, in order; what came to nothing is left out."""
        return self._entries("WHERE step = ? AND status = 1 ORDER BY id", step)

    def standing(self, step: int) -> list[Entry]:
        """Return those of a step's entries that have not been taken back."""
        return self._entries(
            "WHERE step = ? AND status = 1 AND NOT EXISTS"
            " (SELECT 1 FROM entries b WHERE b.of = e.id AND b.status = 1) ORDER BY id",
            step,
        )

    def step(self, id: int) -> Step | None:
        """Return one step."""
        steps = self._steps("WHERE s.id = ?", id)
        return steps[0] if steps else None

    def steps(
        self,
        *,
        path: bytes | None = None,
        who: str | None = None,
        since: float | None = None,
        until: float | None = None,
        limit: int = -1,
    ) -> list[Step]:
        """Return steps that changed something, the latest first."""
        where: list[str] = [_EFFECTIVE]
        values: list[object] = []
        if path is not None:
            where.append(
                "EXISTS (SELECT 1 FROM entries e WHERE e.step = s.id AND e.status = 1"
                " AND e.path = ?)"
            )
            values.append(path)
        for condition, value in (("s.who = ?", who), ("s.at >= ?", since), ("s.at < ?", until)):
            if value is not None:
                where.append(condition)
                values.append(value)
        return self._steps(f"WHERE {' AND '.join(where)} ORDER BY s.id DESC LIMIT {limit}", *values)

    def to_undo(self, session: str | None, limit: int = 1, *, began: float = 0.0) -> list[Step]:
        """Return the latest steps that `undo` takes back. For a session: its own; those that
        interfaces made before it began (seconds since 1970), next; commands' never (the history
        has them). Raises JournalError."""
        where = f"WHERE {_STANDING} AND s.how != 'undo' AND {_EFFECTIVE}"
        values: list[object] = []
        if session is not None:
            where += " AND s.origin = 'interface' AND (s.session = ? OR s.at < ?)"
            values += [session, began]
        return self._steps(f"{where} ORDER BY s.id DESC LIMIT {limit}", *values)

    def to_redo(self, session: str | None) -> Step | None:
        """Return the `undo` step that `redo` takes back: the latest since the last decision."""
        own = " AND s.session = ?1" if session is not None else ""
        last = " AND d.session = ?1" if session is not None else ""
        steps = self._steps(
            f"WHERE {_STANDING} AND s.how = 'undo'{own} AND {_EFFECTIVE}"
            f" AND s.id > ifnull((SELECT max(d.id) FROM steps d WHERE d.how = 'decision'{last}), 0)"
            " ORDER BY s.id DESC LIMIT 1",
            *([session] if session is not None else []),
        )
        return steps[0] if steps else None

    def uncommitted(self) -> dict[bytes, list[Uncommitted]]:
        """Return the edits of files that are not committed yet, by path, in order."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT s.decision, s.how = 'undo' OR EXISTS"
                " (SELECT 1 FROM entries b WHERE b.of = e.id AND b.status = 1),"
                f" {_COLUMNS} FROM entries e JOIN steps s ON s.id = e.step"
                " WHERE e.committed = 0 AND e.status = 1 AND e.before != x'' ORDER BY e.id"
            ).fetchall()
        found: dict[bytes, list[Uncommitted]] = {}
        for decision, is_undone, *row in rows:
            entry = _entry(tuple(row))
            made = None if is_undone else Decision.from_json(json.loads(decision))
            found.setdefault(entry.path, []).append(Uncommitted(entry, made))
        return found

    def marks_of(self, keys: Iterable[int], column: str) -> dict[int, int | None]:
        """Return what the reader's own state says of records, by key."""
        found: dict[int, int | None] = {}
        with self._reading() as connection:
            for key in keys:
                row = connection.execute(
                    f"SELECT {column} FROM reading WHERE key = ?", (key,)
                ).fetchone()
                found[key] = row[0] if row else None
        return found

    def _steps(self, where: str, *values: object) -> list[Step]:
        with self._reading() as connection:
            rows = connection.execute(f"{_STEP} {where}", values).fetchall()
        return [_step(row) for row in rows]

    def _entries(self, where: str, *values: object) -> list[Entry]:
        with self._reading() as connection:
            rows = connection.execute(f"{_ENTRY} {where}", values).fetchall()
        return [_entry(row) for row in rows]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                yield self._connection
        except sqlite3.Error as error:
            raise JournalError(f"The journal {self._path} cannot be read ({error}).") from None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._begun() as connection:
                yield connection
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from None

    @contextmanager
    def _begun(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


_EFFECTIVE = "EXISTS (SELECT 1 FROM entries e WHERE e.step = s.id AND e.status = 1)"
# An undo that was killed or cancelled, or met a clash, leaves the rest of its step to be taken back.
_STANDING = (
    "(ifnull(s.taken_back_by, 0) != -1 AND EXISTS (SELECT 1 FROM entries t WHERE t.step = s.id"
    " AND t.status = 1 AND NOT EXISTS"
    " (SELECT 1 FROM entries b WHERE b.of = t.id AND b.status = 1)))"
)


def _unusable(path: str, error: OSError | sqlite3.Error) -> JournalError:
    reason = getattr(error, "strerror", None) or str(error)
    return JournalError(f"Nothing can be edited: the journal {path} cannot be written ({reason}).")


def _step(row: tuple[Any, ...]) -> Step:
    id, at, who, origin, session, how, decision, of, taken_back_by, entries, title = row
    return Step(
        id,
        at,
        who,
        origin,
        session,
        How(how),
        Decision.from_json(json.loads(decision)),
        of,
        taken_back_by,
        entries,
        title or "",
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    id, step, status, path, title, key, changes, splices, before, after, temp, of = row
    packed = json.loads(changes)
    marked, moved = packed.get("marked"), packed.get("moved")
    return Entry(
        path,
        title,
        key,
        tuple(_change(each) for each in packed.get("changes", ())),
        tuple(_splice(each) for each in json.loads(splices)),
        before,
        after,
        Marked(*marked) if marked else None,
        Moved(*map(os.fsencode, moved)) if moved else None,
        temp,
        of,
        id,
        step,
        Status(status),
    )


def _packed(entry: Entry) -> dict[str, object]:
    if entry.marked is not None:
        return {"marked": [entry.marked.column, entry.marked.was, entry.marked.to]}
    if entry.moved is not None:
        return {"moved": [os.fsdecode(entry.moved.source), os.fsdecode(entry.moved.target)]}
    return {"changes": [_packed_change(each) for each in entry.changes]}


def _packed_change(change: Change) -> list[object]:
    if isinstance(change, SetField):
        values = json_values.dumped(change.was), json_values.dumped(change.to)
        return ["set", list(change.field), *values]
    if isinstance(change, AddItem):
        return ["add", list(change.field), change.item, change.at]
    return ["remove", list(change.field), change.item]


def _change(packed: list[Any]) -> Change:
    kind, field, *rest = packed
    if kind == "set":
        return SetField(tuple(field), json_values.loaded(rest[0]), json_values.loaded(rest[1]))
    if kind == "add":
        return AddItem(tuple(field), rest[0], rest[1])
    return RemoveItem(tuple(field), rest[0])


def _packed_splice(splice: Splice) -> list[object]:
    # Latin-1 maps each byte to one character, and JSON keeps them all.
    return [splice.field, splice.offset, splice.old.decode("latin-1"), splice.new.decode("latin-1")]


def _splice(packed: list[Any]) -> Splice:
    field, offset, old, new = packed
    return Splice(field, offset, old.encode("latin-1"), new.encode("latin-1"))


def _mark(connection: sqlite3.Connection, entry: Entry) -> None:
    assert entry.marked is not None
    state.set_mark(connection, entry.marked.column, entry.key, entry.title, entry.marked.to)
