"""Writing what was parsed into the index, in short transactions."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence

from . import schema, trigrams
from .parsing import KEY, Parsed
from .scan import Found
from .schema import GONE, PROBLEM, SKIPPED
from .values import Changes

COMMIT_EVERY = 0.25  # seconds: rows appear as they come, and another process waits no longer
IN_MEMORY_EVERY = 0.03  # readers of an index in memory wait for its writer
SECOND = 1_000_000_000  # nanoseconds
FRESH = 20_000_000  # nanoseconds: two changes within one tick of the system's clock look like one
CACHE_SIZE = 32 << 10  # KiB of pages: paths come in no order, and their index must not thrash
CHECKPOINT_EVERY = 20_000  # pages of the log, so that few of them are copied twice
HASH_SIZE = 8 << 20  # bytes of new words gathered before FTS5 writes a segment


class Filling:
    """One reconcile's writes."""

    def __init__(self, connection: sqlite3.Connection, in_memory: bool):
        self._new: set[int] = set()
        self._rewritten: set[int] = set()
        self._gone: set[int] = set()
        self._is_news = False
        """Whether rows changed since the last commit."""
        self._connection = connection
        self._every = IN_MEMORY_EVERY if in_memory else COMMIT_EVERY
        self._in_memory = in_memory
        self._open_since = 0.0
        self._started = time.time_ns()
        self._taken: set[int] = set()
        self._new_ids: dict[bytes, int] = {}
        """Ids of removed files that some added ones continue."""
        self._by_key: dict[object, int] = {}
        self._host_ids: dict[tuple[str, bool], int] = {}
        self._last_id = 0
        self._first = True
        """Whether no path can be known yet, so that none need be looked up."""
        self._version = -1
        self._in_trigrams = 0
        """The id up to which records are in the table of trigrams."""
        self._read_last_id()

    def prepare_first(self) -> None:
        """Get ready for filling an empty index, which nobody misses if the machine fails."""
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute(f"PRAGMA cache_size = -{CACHE_SIZE}")
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_EVERY}")
        self._connection.execute(
            "INSERT INTO words(words, rank) VALUES('hashsize', ?)", (HASH_SIZE,)
        )

    # -- renamed files ---------------------------------------------------------------------
    def expect_renames(self, removed: Sequence[bytes], added: Iterable[Found]) -> None:
        """Let added files that are removed ones under a new name keep their ids: those with the
        same inode and size, and, once they are read, those with the same URL."""
        by_inode: dict[tuple[int, int], int] = {}
        for path in removed:
            row = self._connection.execute(
                "SELECT f.id, f.inode, f.size, r.key FROM files f"
                " LEFT JOIN records r ON r.id = f.id WHERE path = ?",
                (path,),
            ).fetchone()
            if row is not None:
                by_inode[row[1], row[2]] = row[0]
                if row[3] is not None:
                    self._by_key[row[3]] = row[0]
        for path, size, _, inode in added:
            id = by_inode.pop((inode, size), None)
            if id is not None:
                self._new_ids[path] = id

    # -- writing ---------------------------------------------------------------------------
    def write(self, files: Sequence[tuple[Found, Parsed]]) -> None:
        """Put files in, in place of what was known of them."""
        self._begin()
        removed = [found[0] for found, parsed in files if parsed[0] == GONE]
        if removed:
            self.remove(removed)
            files = [each for each in files if each[1][0] != GONE]
        ids, replaced = self._ids(files)
        seen = self._seen(replaced)
        self._tally(list(zip(ids, files, strict=True)), replaced)
        if replaced:
            self._clear(replaced)
        now = time.time_ns()
        # Never INSERT OR REPLACE: SQLite begins a savepoint for it, and at each savepoint FTS5 writes
        # the words it has gathered as one more small segment.
        self._many("DELETE FROM files WHERE id = ?", [(id,) for id in replaced])
        self._many(
            "INSERT INTO files(id, path, size, mtime_ns, inode, kind) VALUES(?,?,?,?,?,?)",
            [
                (id, path, size, self._settled(mtime, now), inode, parsed[0])
                for id, ((path, size, mtime, inode), parsed) in zip(ids, files, strict=True)
            ],
        )
        numbered = [
            (id, parsed) for id, (_, parsed) in zip(ids, files, strict=True) if parsed[0] != SKIPPED
        ]
        if not numbered and not replaced:
            return
        self._is_news = True
        self._many(
            "INSERT INTO records VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [(id, *parsed[1]) for id, parsed in numbered if parsed[1] is not None],
        )
        self._many(
            "INSERT INTO topics VALUES(?,?,?)",
            [(id, *topic) for id, parsed in numbered for topic in parsed[2]],
        )
        self._many(
            "INSERT INTO urls VALUES(?,?)",
            [(id, key) for id, parsed in numbered for key in parsed[3]],
        )
        self._many(
            "INSERT INTO mentions VALUES(?,?)",
            [(id, key) for id, parsed in numbered for key in parsed[4]],
        )
        self._many(
            "INSERT INTO words(rowid, title, excerpt, provider, topics, body) VALUES(?,?,?,?,?,?)",
            [(id, *parsed[5]) for id, parsed in numbered if parsed[5] is not None],
        )
        if self._in_trigrams:
            told = [id for id, parsed in numbered if parsed[5] is not None]
            trigrams.add(self._connection, [id for id in told if id <= self._in_trigrams])
        self._many(
            "INSERT INTO details VALUES(?,?,?,?,?,?)",
            [
                (id, *parsed[7], seen.get(id, now // SECOND))
                for id, parsed in numbered
                if parsed[7] is not None
            ],
        )
        self._many(
            "INSERT INTO authors VALUES(?,?)",
            [(id, name) for id, parsed in numbered for name in parsed[8]],
        )
        self._many(
            "INSERT INTO addresses VALUES(?,?)",
            [(id, parsed[9]) for id, parsed in numbered if parsed[9]],
        )
        self._many(
            "INSERT INTO links VALUES(?,?,?,?)",
            [
                (id, role, key, hosts[host])
                for id, parsed in numbered
                if parsed[11] and (hosts := self._hosts(parsed[10]))
                for role, key, host in parsed[11]
            ],
        )
        self._many(
            "INSERT INTO problems VALUES(?,?,?)",
            [(id, *parsed[6]) for id, parsed in numbered if parsed[0] == PROBLEM and parsed[6]],
        )

    def remove(self, paths: Iterable[bytes]) -> None:
        """Take files out, unless another one has taken over their row."""
        self._begin()
        ids = []
        gone = set()
        for path in paths:
            row = self._connection.execute(
                "SELECT id, kind FROM files WHERE path = ?", (path,)
            ).fetchone()
            if row is not None:
                ids.append(row[0])
                if row[1] != SKIPPED:
                    gone.add(row[0])
        if gone:
            self._is_news = True
            self._gone |= gone
        self._clear(ids)
        self._many("DELETE FROM files WHERE id = ?", [(id,) for id in ids])

    def commit(self, force: bool = False) -> bool:
        """Make the writes seen, when it is time or when forced; return whether it was done."""
        if not self._connection.in_transaction:
            return False
        if not force and time.monotonic() - self._open_since < self._every:
            return False
        if self._is_news:
            self._connection.execute(schema.NEWS)
            self._is_news = False
        self._connection.execute("COMMIT")
        if self._in_memory:
            time.sleep(0.003)  # its readers poll; let one in
        return True

    def abandon(self) -> None:
        """Undo what was not committed."""
        self._host_ids.clear()
        self._is_news = False
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def finish(self, complete: bool, last: dict[str, object]) -> None:
        """Commit, and after a complete reconcile note that all is there."""
        self.commit(force=True)
        if not complete:
            return
        connection = self._connection
        done = connection.execute("SELECT 1 FROM meta WHERE key = 'indexed'").fetchone()
        self._begin()
        self._many(
            "INSERT OR REPLACE INTO meta VALUES(?, ?)",
            [("indexed", 1), ("last", json.dumps(last))],
        )
        self.commit(force=True)
        if not done and not self._in_memory:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def changes(self) -> Changes:
        """What has become of records by what was written."""
        return Changes(frozenset(self._new), frozenset(self._rewritten), frozenset(self._gone))

    def _tally(
        self, files: Sequence[tuple[int, tuple[Found, Parsed]]], replaced: Sequence[int]
    ) -> None:
        """Note who is new and who is another than before, by what lists and words tell."""
        if self._first:
            return
        before = set(replaced)
        kind_of = "SELECT kind FROM files WHERE id = ?"
        for id, (_, parsed) in files:
            kind = SKIPPED
            if id in before:
                kind = self._connection.execute(kind_of, (id,)).fetchone()[0]
            if kind == SKIPPED or parsed[0] == SKIPPED:
                if parsed[0] != SKIPPED:  # also a file that was seen while it was still empty
                    self._new.add(id)
                elif kind != SKIPPED:
                    self._gone.add(id)
                continue
            had = self._connection.execute("SELECT * FROM records WHERE id = ?", (id,)).fetchone()
            if parsed[1] is None or had is None:
                if kind != parsed[0]:
                    self._rewritten.add(id)
                continue
            words = "SELECT title, excerpt, provider, topics, body FROM words WHERE rowid = ?"
            told = self._connection.execute(words, (id,)).fetchone()
            if had[1:] != parsed[1] or told != parsed[5]:
                self._rewritten.add(id)

    def _seen(self, ids: Sequence[int]) -> dict[int, int]:
        """Return when those of these records that were known were first indexed."""
        seen = {}
        for id in ids:
            row = self._connection.execute(
                "SELECT seen FROM details WHERE id = ?", (id,)
            ).fetchone()
            if row is not None:
                seen[id] = row[0]
        return seen

    def _hosts(self, hosts: tuple[tuple[str, bool], ...]) -> list[int]:
        """Return the numbers of these hosts; a new one is given the next."""
        numbers = []
        for host in hosts:
            number = self._host_ids.get(host)
            if number is None:
                number = self._connection.execute(
                    "INSERT INTO hosts(name, odd) VALUES(?, ?)"
                    " ON CONFLICT(name, odd) DO UPDATE SET name = name RETURNING id",
                    host,
                ).fetchone()[0]
                self._host_ids[host] = number
            numbers.append(number)
        return numbers

    def _ids(self, files: Sequence[tuple[Found, Parsed]]) -> tuple[list[int], list[int]]:
        """Return an id for each file, and those of them whose old rows must go."""
        ids, replaced = [], []
        for (path, *_), parsed in files:
            known = None if self._first else self._id(path)
            id = self._continued(path, parsed) if known is None else known
            if id is None:
                self._last_id += 1
                id = self._last_id
            else:
                replaced.append(id)
            ids.append(id)
        return ids, replaced

    def _id(self, path: bytes) -> int | None:
        row = self._connection.execute("SELECT id FROM files WHERE path = ?", (path,)).fetchone()
        return row[0] if row else None

    def _continued(self, path: bytes, parsed: Parsed) -> int | None:
        """Return the id of the removed file that this one is under a new name."""
        id = self._new_ids.pop(path, None)
        if id is None and self._by_key and parsed[1] is not None:
            id = self._by_key.pop(parsed[1][KEY], None)
        if id is None or id in self._taken:
            return None
        self._taken.add(id)
        return id

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
            self._read_last_id()
            self._in_trigrams = 0 if self._first else trigrams.filled(self._connection)
            self._open_since = time.monotonic()

    def _clear(self, ids: Sequence[int]) -> None:
        if self._in_trigrams:
            trigrams.remove(self._connection, [id for id in ids if id <= self._in_trigrams])
        for table, column in schema.OF_A_FILE:
            self._many(f"DELETE FROM {table} WHERE {column} = ?", [(id,) for id in ids])

    def _many(self, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            self._connection.executemany(sql, rows)

    def _settled(self, mtime: int, now: int) -> int:
        """A file changed just before it was looked at may change again without showing it, in
        its size or time: pretend another time, so that the next reconcile reads it again. (Git
        calls such entries of its index racily clean.)"""
        return mtime - 1 if self._started - FRESH <= mtime <= now else mtime

    def _read_last_id(self) -> None:
        """Look whether another process has written, which may have given out ids."""
        version = self._connection.execute("PRAGMA main.data_version").fetchone()[0]
        if version != self._version:
            row = self._connection.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = 'files'"
            ).fetchone()
            self._last_id = row[0] if row else 0
            self._first = self._first and self._last_id == 0
            self._version = version
