"""The index of a collection: one SQLite file that can be thrown away, or one in memory."""

from __future__ import annotations

import contextlib
import itertools
import os
import sqlite3
import threading
from collections.abc import Iterator

from . import schema
from .state import State, use_wal

_numbers = itertools.count(1)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_UNUSABLE = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_NOLFS,
)


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether the error means that the file is no index of ours any more."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
        return True
    return isinstance(error, sqlite3.OperationalError) and "no such " in str(error)


def is_unusable(error: sqlite3.Error) -> bool:
    """Return whether the error means that the file cannot be written, now or ever."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _UNUSABLE


class Index:
    """Connections to the index, each with the state attached for reading.

    A connection is lent to one caller at a time, the last returned first, so that the
    interface's thread keeps meeting the one whose cache is warm.
    """

    def __init__(self, path: str | None, state: State, notices: list[str]):
        self.notices = notices
        self._state = state
        self._lock = threading.RLock()
        self._free: list[sqlite3.Connection] = []
        self._anchor: sqlite3.Connection | None = None
        self._age = 0
        """Grows when the file is replaced: connections to the old one are not lent again."""
        self._inode = 0
        self._of: dict[sqlite3.Connection, int] = {}
        self.path = path
        if path is None:
            self._go_to_memory()
            return
        self._open(path)

    @property
    def age(self) -> int:
        """A number that is another one whenever the file is."""
        return self._age

    @property
    def in_memory(self) -> bool:
        return self.path is None

    # -- connections -----------------------------------------------------------------------
    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection."""
        with self._lock:
            connection = self._free.pop() if self._free else None
        if connection is None:
            connection = self._connect_again()
        age = self._of.get(connection, -1)
        try:
            yield connection
        finally:
            with self._lock:
                if age == self._age:
                    self._free.append(connection)
                else:
                    self._drop(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Open a connection for one reconcile; the state is not attached, so that its writes
        and ours never wait for each other."""
        self._follow_file()
        connection = self._connect(self._name, with_state=False)
        try:
            yield connection
        finally:
            connection.close()

    def close(self) -> None:
        with self._lock:
            self._age += 1
            while self._free:
                self._drop(self._free.pop())
            if self._anchor is not None:
                self._anchor.close()
                self._anchor = None

    # -- when the file is no good ------------------------------------------------------------
    def reopen(self) -> None:
        """Let go of all connections: the next ones see the state as it now is."""
        with self._lock:
            if self.path is not None:
                self.close()
                self._open(self.path)

    def start_anew(self) -> None:
        """Throw the index away and make an empty one."""
        with self._lock:
            self.close()
            path = self.path
            if path is None:
                self._go_to_memory()
                return
            try:
                _remove(path)
            except OSError as error:
                self.leave_disk(error)
                return
            self._open(path)

    def leave_disk(self, error: Exception) -> None:
        """Go on with an empty index in memory, and say why."""
        with self._lock:
            self.close()
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            self.notices.append(
                f"The index is kept in memory: {self.path} cannot be used ({reason})."
            )
            self.path = None
            self._go_to_memory()

    def _open(self, path: str) -> None:
        try:
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            self._free.append(self._opened(path))
            self._inode = _inode(path)
        except (OSError, sqlite3.Error) as error:
            self.leave_disk(error)

    def _follow_file(self) -> None:
        """Someone may have thrown the file away, or made it anew, while we had it open."""
        with self._lock:
            if self.path is not None and _inode(self.path) != self._inode:
                self.close()
                self._open(self.path)

    def _opened(self, path: str) -> sqlite3.Connection:
        """Open the file; a damaged one, or one of another version, is made anew."""
        for attempt in (1, 2):
            connection = None
            try:
                connection = self._connect(path)
                if schema.is_sound(connection):
                    return self._ours(connection)
                fresh = not connection.execute("SELECT 1 FROM main.sqlite_master").fetchone()
                if fresh or attempt == 2:
                    schema.create(connection)
                    return self._ours(connection)
            except sqlite3.Error as error:
                if connection is not None:
                    connection.close()
                if attempt == 2 or not is_damage(error):
                    raise
            else:
                connection.close()
            _remove(path)
        raise AssertionError("unreachable")

    def _connect_again(self) -> sqlite3.Connection:
        with self._lock:
            self._follow_file()
            return self._free.pop() if self._free else self._ours(self._connect(self._name))

    def _ours(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        self._of[connection] = self._age
        return connection

    def _drop(self, connection: sqlite3.Connection) -> None:
        self._of.pop(connection, None)
        connection.close()

    def _go_to_memory(self) -> None:
        # One name a collection and process; every connection that opens it shares the database,
        # which lives as long as the anchor does.
        self._memory = f"file:/reader-index-{os.getpid()}-{next(_numbers)}?vfs=memdb"
        self._anchor = self._connect(self._memory, with_state=False)
        schema.create(self._anchor)

    @property
    def _name(self) -> str:
        return self.path or self._memory

    def _connect(self, name: str, with_state: bool = True) -> sqlite3.Connection:
        connection = sqlite3.connect(
            name,
            timeout=schema.BUSY / 1000,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        try:
            use_wal(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA temp_store = MEMORY")
            if with_state:
                self._state.attach(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def _inode(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except OSError:
        return 0


def _remove(path: str) -> None:
    for ending in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path + ending)
