"""An opened collection: the one thing commands and interface talk to.

Every method may be called from any thread; no two threads share a connection at a time.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from reader.records.query import Counts, Query, View
from reader.records.record import Problem
from reader.records.row import Row

from . import counts as sidebar
from . import opening, queries, rows
from .asking import Asking
from .following import Following
from .index import Index, is_damage, is_unusable
from .schema import PROBLEM, RECORD, SKIPPED
from .state import State
from .values import Changes, CollectionError, Opened, Progress, Summary

if TYPE_CHECKING:
    from reader.records.links import Link
    from reader.records.record import Record
    from reader.records.verdicts import Role

    from .link_plan import LinkPlan
    from .outcome import Target
    from .verdicts import Verdicts

__all__ = ["Changes", "Collection", "CollectionError", "Opened", "Progress", "Summary"]

T = TypeVar("T")


class Collection(Asking, Following):
    """A folder of records (or a single record's file), its index and the reader's own state."""

    root: Path
    """The folder that paths are relative to (a single file's parent)."""
    single: str | None
    """The file's name when the collection is a single file."""
    name: str
    notices: list[str]
    """What the user should know: the index is in memory, the state cannot be written, …"""

    def __init__(
        self,
        place: opening.Place,
        index_path: str | None,
        state_path: str,
        exclude: Sequence[str],
        now: Callable[[], float],
    ):
        self.root = Path(os.fsdecode(place.root))
        self.single = None if place.single is None else os.fsdecode(place.single)
        self.name = self.single or self.root.name or str(self.root)
        self.notices = []
        self._place = place
        self._exclude = tuple(exclude)
        self._now = now
        self._reconciling = threading.Lock()
        self._is_stale = False
        self._state = State(state_path, self.notices)
        self._verdicts: Verdicts | None = None
        try:
            self._index = Index(index_path, self._state, self.notices)
        except BaseException:
            self._state.close()
            raise
        self._news = self._ask(self._newest, (0, 0))

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        exclude: Sequence[str] = (),
        cache_dir: Path | None = None,
        state_dir: Path | None = None,
        now: Callable[[], float] | None = None,
    ) -> Collection:
        """Open the index (made or remade where needed) without looking at the tree. A single
        file is read at once.

        Raises CollectionError: no such path, no permission, neither folder nor record.
        """
        place = opening.find(path)
        if cache_dir is None or state_dir is None:
            from reader import paths

            cache_dir = cache_dir or paths.cache_dir()
            state_dir = state_dir or paths.state_dir()
        state_path = opening.data_file(state_dir, place.root)
        index_path = opening.data_file(cache_dir, place.root)
        if index_path == state_path:  # both folders are one
            index_path = index_path.removesuffix(".sqlite") + "-index.sqlite"
        is_single = place.single is not None
        collection = cls(
            place, None if is_single else index_path, state_path, exclude, now or time.time
        )
        if is_single:
            collection.reconcile()
        return collection

    def close(self) -> None:
        """Close all files; a reconcile must have been cancelled before."""
        self._index.close()
        self._state.close()

    # -- reading the index ---------------------------------------------------------------
    @property
    def now(self) -> Callable[[], float]:
        """The clock: seconds since 1970."""
        return self._now

    @property
    def state_path(self) -> str | None:
        """The file of the reader's own state; None while it is kept in memory."""
        return self._state.path

    @property
    def is_indexed(self) -> bool:
        """Whether a reconcile has ever finished: an empty index means an empty collection."""
        return self._meta("indexed") is not None

    def ids(self, query: Query, limit: int | None = None) -> array[int]:
        """Return the ids (array of type `q`) of the query's records, in its order.

        Raises ValueError when there is no such field to sort by.
        """
        return self._ask(
            lambda connection: queries.select_ids(connection, query, self._now(), limit),
            array("q"),
        )

    def still_in(self, view: View, ids: Sequence[int]) -> list[int]:
        """Return those of the ids that are in a view now, in the order given."""
        return self._ask(lambda each: queries.still_in(each, view, ids, self._now()), [])

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """Return a row for each id that (still) exists, in the order given."""
        return self._ask(lambda connection: rows.select_rows(connection, ids), [])

    def rows_with_topics(self, ids: Sequence[int]) -> list[Row]:
        """Return what `rows` does, with the topics of each record."""
        return self._ask(
            lambda connection: rows.with_topics(connection, rows.select_rows(connection, ids)), []
        )

    def path(self, id: int) -> str | None:
        """Return the path of a record or problem, relative to the root."""
        path = self._path(id)
        return None if path is None else os.fsdecode(path)

    def id_of_path(self, path: str) -> int | None:
        """Return the id of the record or problem with this path, relative to the root."""
        try:
            name = os.fsencode(path)
        except UnicodeEncodeError:
            return None
        return self._value("SELECT id FROM files WHERE path = ? AND kind != ?", name, SKIPPED)

    def id_of_url(self, url: str) -> int | None:
        """Return the record whose webUrl, originalUrl or ampWebUrl is this page."""
        from reader.records import urls

        key = urls.url_key(url)
        if key is None:
            return None
        return self._value("SELECT min(record) FROM urls WHERE key = ?", key)

    def path_of_url(self, url: str) -> str | None:
        """Return the path of the record that `id_of_url` finds, relative to the root."""
        found = self.id_of_url(url)
        return None if found is None else self.path(found)

    def targets(self, ids: Sequence[int]) -> list[Target]:
        """Return what an edit needs to know of each record that (still) exists, in order."""
        return self._ask(lambda connection: rows.select_targets(connection, ids), [])

    def path_of_key(self, key: int) -> bytes | None:
        """Return the file of the record that the reader's own state knows by this key."""
        sql = "SELECT path FROM records JOIN files USING(id) WHERE records.key = ? ORDER BY id"
        row = self._ask(lambda each: each.execute(sql, (key,)).fetchone(), None)
        return row[0] if row else None

    def has_pending_edits(self) -> bool:
        """Return whether a reader was killed while it edited: `Editing.recover` settles that."""
        sql = "SELECT 1 FROM state.entries WHERE status = 0 LIMIT 1"
        return self._value(sql) is not None

    def due(self) -> int | None:
        """Return when the next deferred record comes due, in seconds since 1970."""
        sql = "SELECT min(deferred_until) FROM state.reading WHERE deferred_until > ?"
        return self._value(sql, int(self._now()))

    def deferrals(self) -> dict[int, int]:
        """Return until when each unpublished record that was deferred is, in seconds since 1970, by id;
        what has come due too."""
        sql = (
            "SELECT r.id, s.deferred_until FROM state.reading s JOIN records r ON r.key = s.key"
            " WHERE s.deferred_until IS NOT NULL AND r.state = 0"
        )
        nobody: dict[int, int] = {}
        return self._ask(lambda each: dict(each.execute(sql).fetchall()), nobody)

    def mentioned_by(self, id: int, limit: int = 50) -> list[Row]:
        """Return the records whose `related` names this one, newest first."""
        return self._ask(lambda connection: rows.select_mentions(connection, id, limit), [])

    def counts(self, *, cached: bool = False) -> Counts:
        """Return the sidebar's numbers; `cached`: those of the last time, at once."""
        if cached:
            return sidebar.counts_from_json(str(self._meta("counts") or "[]"))
        counts = self._ask(lambda each: sidebar.count_all(each, self._now()), None)
        if counts is None:
            return Counts()
        self._ask(lambda each: sidebar.keep_counts(each, counts), None)
        return counts

    def problems(self) -> list[tuple[str, Problem]]:
        """Return (path, problem) of every file that should be a record and cannot be read."""
        rows: list[tuple[bytes, str, int]] = self._ask(
            lambda connection: connection.execute(
                "SELECT path, reason, line FROM problems JOIN files USING(id) ORDER BY path"
            ).fetchall(),
            [],
        )
        return [(os.fsdecode(path), Problem(reason, line)) for path, reason, line in rows]

    def summary(self) -> Summary:
        """Return what the index holds, and what the last whole reconcile did."""
        kinds: dict[int, int] = dict(
            self._ask(
                lambda connection: connection.execute(
                    "SELECT kind, count(*) FROM files WHERE kind > 0 GROUP BY kind"
                    f" UNION ALL SELECT {RECORD}, count(*) FROM records"
                ).fetchall(),
                [],
            )
        )
        last = json.loads(str(self._meta("last") or "{}"))
        return Summary(
            records=kinds.get(RECORD, 0),
            problems=kinds.get(PROBLEM, 0),
            skipped=kinds.get(SKIPPED, 0),
            parsed=last.get("parsed", 0),
            removed=last.get("removed", 0),
            seconds=last.get("seconds", 0.0),
        )

    def open_record(self, id: int) -> Opened | None:
        """Read the record's file; None when the id or the file is gone (an unreadable file is a
        Problem)."""
        from reader.records import front_matter

        from .files import is_inside, read_file
        from .parsing import failed

        path = self._path(id)
        if path is None:
            return None
        root = self._place.root
        if not is_inside(root, os.path.realpath(os.path.join(root, os.path.dirname(path)))):
            return None  # a folder on the way has become a symbolic link
        data = read_file(root, path)
        if data is None:
            return None
        shown = os.fsdecode(path)
        if isinstance(data, Problem):
            return Opened(id, shown, b"", data)
        try:
            record = front_matter.read_record(data, os.path.basename(shown))
        except Exception as error:  # noqa: BLE001  one hostile file is one Problem, never the end
            record = failed(error)
        if record is None:
            record = Problem("This file no longer begins with front matter.")
        return Opened(id, shown, data, record)

    # -- the reader's own state ------------------------------------------------------------
    def set_read(self, ids: Iterable[int], read: bool) -> None:
        """Mark the records as read, or as unread."""
        self._keep(self._state.set_read, ids, read)

    def set_starred(self, ids: Iterable[int], starred: bool) -> None:
        """Star the records, or take their stars away."""
        self._keep(self._state.set_starred, ids, starred)

    # -- links ---------------------------------------------------------------------------------
    @property
    def verdicts(self) -> Verdicts:
        """What checking says of links."""
        if self._verdicts is None:
            from .verdicts import Verdicts  # here: only links need it

            self._verdicts = Verdicts(self._state, self._ask, self._now)
        return self._verdicts

    def plan_links(
        self, ids: Sequence[int], roles: Iterable[Role], max_age: float | None = None
    ) -> LinkPlan:
        """Return which links of these records a check is to ask, each URL once; with `max_age`,
        without those that were checked within so many seconds."""
        from .link_plan import LinkPlan, plan_links

        wanted = frozenset(roles)
        before = None if max_age is None else self._now() - max_age
        return self._ask(
            lambda connection: plan_links(connection, ids, wanted, before),
            LinkPlan(0, (), wanted, ()),
        )

    def links_planned(self, plan: LinkPlan) -> Iterator[tuple[int, Link]]:
        """Yield the links of a plan, each with the record it is taken from; the files are read as
        one goes on. From any thread."""
        from .link_plan import links_planned

        def read(id: int) -> Record | Problem | None:
            opened = self.open_record(id)
            return None if opened is None else opened.record

        return links_planned(plan, read)

    # -- how ---------------------------------------------------------------------------------
    def _mend(self, error: sqlite3.Error) -> bool:
        """Go on without a file that turned out damaged or unusable; False: that was not it."""
        if is_damage(error):
            if self._state.is_damaged():
                self._state.rescue()
                self._index.reopen()
            else:
                self._tell("The index was damaged and is made anew.")
                self._index.start_anew()
        elif is_unusable(error) and not self._index.in_memory:
            self._index.leave_disk(error)
        else:
            return False
        self._is_stale = True
        return True

    def _ask(self, ask: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        try:
            with self._index.reading() as connection:
                return ask(connection)
        except sqlite3.Error as error:
            if not self._mend(error):
                raise
            return otherwise

    def _value(self, sql: str, *values: object) -> int | None:
        row = self._ask(lambda connection: connection.execute(sql, values).fetchone(), None)
        return row[0] if row else None

    def _meta(self, key: str) -> object:
        return self._value("SELECT value FROM meta WHERE key = ?", key)

    def _path(self, id: int) -> bytes | None:
        sql = "SELECT path FROM files WHERE id = ? AND kind != ?"
        row = self._ask(lambda each: each.execute(sql, (id, SKIPPED)).fetchone(), None)
        return row[0] if row else None

    def _keep(
        self,
        keep: Callable[[Iterable[tuple[int, str]], int | None], None],
        ids: Iterable[int],
        on: bool,
    ) -> None:
        wanted = list(ids)
        nobody: list[tuple[int, str]] = []
        names = self._ask(lambda connection: rows.select_names(connection, wanted), nobody)
        if not names:
            return
        try:
            keep(names, int(self._now()) if on else None)
        except sqlite3.Error as error:
            self._tell(f"What you read and star could not be stored ({error}).")

    def _tell(self, notice: str) -> None:
        if notice not in self.notices:
            self.notices.append(notice)
