"""The reader's own state: what has been read, starred and deferred; the journal (`journal`) and what
checking says of links (`verdicts`) lie in the same file. It may never be lost.

Keyed by the record's URL (`parsing.record_key`), so that a renamed file keeps it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from urllib.parse import quote

VERSION = 3
BUSY = 5000  # milliseconds
COLUMNS = ("read_at", "starred_at", "deferred_until")
"""What the state says of a record, each in seconds since 1970 or NULL."""

TABLES = """
CREATE TABLE IF NOT EXISTS reading(
  key INTEGER PRIMARY KEY, name TEXT NOT NULL, read_at INTEGER, starred_at INTEGER)
"""
# The second version brought deferrals and the journal (module `journal`).
_SECOND = """
ALTER TABLE reading ADD COLUMN deferred_until INTEGER;
CREATE INDEX reading_deferred ON reading(deferred_until) WHERE deferred_until IS NOT NULL;
CREATE TABLE steps(
  id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, who TEXT NOT NULL,
  origin TEXT NOT NULL, session TEXT NOT NULL, how TEXT NOT NULL, decision TEXT NOT NULL,
  of INTEGER, taken_back_by INTEGER);
CREATE TABLE entries(
  id INTEGER PRIMARY KEY AUTOINCREMENT, step INTEGER NOT NULL, status INTEGER NOT NULL,
  path BLOB NOT NULL, title TEXT NOT NULL, key INTEGER NOT NULL, changes TEXT NOT NULL,
  splices TEXT NOT NULL, before BLOB NOT NULL, after BLOB NOT NULL, temp BLOB NOT NULL,
  of INTEGER, committed INTEGER NOT NULL DEFAULT 0);
CREATE INDEX entries_by_step ON entries(step);
CREATE INDEX entries_by_of ON entries(of) WHERE of IS NOT NULL;
CREATE INDEX entries_by_path ON entries(path);
CREATE INDEX entries_pending ON entries(status) WHERE status = 0;
CREATE INDEX entries_open ON entries(committed) WHERE committed = 0
"""
# The third brought what checking says of links (module `verdicts`). `said` is what the history
# makes of it; `evidence`, `past` and `override` are JSON (`records.check_values`).
_THIRD = """
CREATE TABLE verdicts(
  key INTEGER PRIMARY KEY, url TEXT NOT NULL, host TEXT NOT NULL, said TEXT NOT NULL,
  at REAL NOT NULL, times INTEGER NOT NULL, evidence TEXT NOT NULL, past TEXT NOT NULL,
  override TEXT);
CREATE INDEX verdicts_by_said ON verdicts(said);
CREATE INDEX verdicts_by_time ON verdicts(at)
"""
_UPDATES = ((1, TABLES), (2, _SECOND), (3, _THIRD))
"""What brings a file to each version, from the one before it."""

_numbers = itertools.count(1)


class State:
    """One SQLite file per collection, written at once and to the disk."""

    def __init__(self, path: str | None, notices: list[str]):
        self.path = path
        self._notices = notices
        self._lock = threading.Lock()
        self._memory = f"file:/reader-state-{os.getpid()}-{next(_numbers)}?vfs=memdb"
        self._connection = self._opened()

    def attach(self, connection: sqlite3.Connection) -> None:
        """Let a connection of the index read the state, as the schema `state`."""
        name = self._memory
        if self.path is not None:
            # By its own VFS: a connection to an index in memory would look for it there too.
            vfs = "win32" if os.name == "nt" else "unix"
            name = f"file:{quote(os.fsencode(self.path))}?vfs={vfs}"
        connection.execute("ATTACH ? AS state", (name,))

    def set_read(self, names: Iterable[tuple[int, str]], at: int | None) -> None:
        """Mark each (key, name) as read at this second since 1970, or as unread (None)."""
        self._set("read_at", names, at)

    def set_starred(self, names: Iterable[tuple[int, str]], at: int | None) -> None:
        """Star each (key, name) at this second since 1970, or take the star away (None)."""
        self._set("starred_at", names, at)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def is_damaged(self) -> bool:
        """Return whether the file has been damaged since it was opened."""
        with self._lock:
            return not _is_sound(self._connection)

    def rescue(self) -> None:
        """Move a damaged file aside, as it is, and go on with a new one."""
        with self._lock:
            self._connection.close()
            self._move_aside()
            self._connection = self._opened()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection for one transaction, on the disk when it has ended.

        Raises sqlite3.Error, with nothing changed."""
        with self._lock:
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _set(self, column: str, names: Iterable[tuple[int, str]], at: int | None) -> None:
        with self.writing() as connection:
            for key, name in names:
                set_mark(connection, column, key, name, at)

    def _opened(self) -> sqlite3.Connection:
        if self.path is None:
            return connect(self._memory)
        try:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)
            try:
                return connect(self.path)
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (
                    sqlite3.SQLITE_CORRUPT,
                    sqlite3.SQLITE_NOTADB,
                ):
                    raise
                self._move_aside()
                return connect(self.path)
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self._notices.append(
                "What you read and star is kept only until you quit:"
                f" {self.path} cannot be used ({reason})."
            )
            self.path = None
            return connect(self._memory)

    def _move_aside(self) -> None:
        path = self.path
        if path is None:
            return
        kept = f"{path}.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
        while os.path.exists(kept):
            kept += "x"
        os.rename(path, kept)
        for ending in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.rename(path + ending, kept + ending)
        self._notices.append(
            f"What you had read and starred could not be read; the damaged file is kept as {kept}."
        )


def _is_sound(connection: sqlite3.Connection) -> bool:
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def use_wal(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work at once. Changing to it does not wait for others by itself:
    two readers that make the file at the same moment meet here."""
    for _ in range(100):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            busy = error
            time.sleep(0.02)
    raise busy


def set_mark(
    connection: sqlite3.Connection, column: str, key: int, name: str, at: int | None
) -> None:
    """Set one of `COLUMNS` for a record. What is read or starred already keeps its time."""
    assert column in COLUMNS
    if at is not None:
        kept = "?3" if column == "deferred_until" else f"ifnull({column}, ?3)"
        connection.execute(
            f"INSERT INTO reading(key, name, {column}) VALUES(?, ?, ?)"
            f" ON CONFLICT(key) DO UPDATE SET {column} = {kept}",
            (key, name, at),
        )
        return
    connection.execute(f"UPDATE reading SET {column} = NULL WHERE key = ?", (key,))
    empty = " AND ".join(f"{each} IS NULL" for each in COLUMNS)
    connection.execute(f"DELETE FROM reading WHERE key = ? AND {empty}", (key,))


def connect(name: str) -> sqlite3.Connection:
    """Return a connection to the state in a file, or by URI; the tables are made where needed.

    Raises sqlite3.Error."""
    connection = sqlite3.connect(
        name,
        timeout=BUSY / 1000,
        isolation_level=None,
        check_same_thread=False,
        uri=name.startswith("file:"),
    )
    try:
        use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise sqlite3.OperationalError("a newer reader wrote it; update this one")
        if version < VERSION:
            _update(connection)
        connection.execute("SELECT count(*) FROM (SELECT 1 FROM reading LIMIT 1)")
    except BaseException:
        connection.close()
        raise
    return connection


def _update(connection: sqlite3.Connection) -> None:
    """Make the tables, or bring an older reader's to this version; one process does it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for number, statements in _UPDATES:
            if version < number:
                for statement in statements.split(";"):
                    connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
