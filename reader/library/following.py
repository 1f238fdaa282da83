"""Keeping the index up with the disk: a reconcile, the watch, and what is made in the background."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .index import Index
from .opening import Place
from .rows import shown_path
from .schema import news
from .values import Changes, Progress, Summary, never

if TYPE_CHECKING:
    from .reconcile import Reconcile
    from .scan import Scan


class Following:
    """How a collection follows its files. One reconcile at a time in this process."""

    root: Path
    notices: list[str]
    _place: Place
    _exclude: tuple[str, ...]
    _index: Index
    _reconciling: threading.Lock
    _is_stale: bool
    """Whether the index has lost what it held and waits to be filled again."""
    _news: tuple[int, int]
    """How far the changes of rows have been told here; other processes make some too."""

    def summary(self) -> Summary:
        raise NotImplementedError  # the collection, which is one of these, has it

    def _mend(self, error: sqlite3.Error) -> bool:
        raise NotImplementedError  # the collection, which is one of these, has it

    def _tell(self, notice: str) -> None:
        raise NotImplementedError  # the collection, which is one of these, has it

    def reconcile(
        self,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] = never,
        rebuild: bool = False,
    ) -> Summary:
        """Walk the tree, parse what is new or changed, drop what is gone."""
        started = time.monotonic()
        run = None
        if self._lock_reconcile(cancelled):
            try:
                if rebuild:
                    self._index.start_anew()
                run = self._reconcile((b"",), on_progress, cancelled, self._has_news)
            finally:
                self._reconciling.release()
        held = self.summary()
        seconds = time.monotonic() - started
        parsed, removed = (run.parsed, run.removed) if run is not None else (0, 0)
        changes = Changes() if run is None else run.changes
        return Summary(held.records, held.problems, held.skipped, parsed, removed, seconds, changes)

    def complete(self, cancelled: Callable[[], bool] = never) -> bool:
        """Make what lists can do without and searching is quicker with, in short steps beside
        others' work; return whether it came to its end. It takes about a fifth of the time of a
        first reconcile, once."""
        from . import schema, trigrams

        try:
            with self._index.writing() as connection:
                connection.set_progress_handler(cancelled, 100_000)  # every few milliseconds
                for statement in schema.LATER_INDEXES.split(";"):
                    connection.execute(statement)
                return trigrams.fill(connection, cancelled)
        except sqlite3.Error as error:
            stopped = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT
            if not stopped and not self._mend(error):
                raise
            return False

    def reconcile_paths(self, paths: Sequence[bytes]) -> None:
        """Look again at these relative paths and what lies below them. What changes by that is for
        `watch` to tell."""
        from .reconcile import subtrees_of

        with self._reconciling:
            self._reconcile(subtrees_of(paths), None, never, lambda _: False)

    def watch(
        self,
        on_change: Callable[[Changes], None],
        cancelled: Callable[[], bool],
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Block, and bring the index up to date whenever files change; `on_change` after each time
        that rows are others than were told last: by what was read here, which it is told, or by
        another process, which it is not.

        `ready` is called once no change is missed any more: what changed before that is found by
        a reconcile that begins then. Returns when `cancelled` says so (looked at about four
        times a second)."""
        from . import watch
        from .reconcile import subtrees_of

        for trees in watch.changes(self._scan(), cancelled, self.notices, ready):
            if self._is_stale:
                trees = [b""]
            if trees and self._lock_reconcile(cancelled):
                try:
                    run = self._reconcile(subtrees_of(trees), None, cancelled, self._has_news)
                finally:
                    self._reconciling.release()
                if run is not None and run.changed:
                    on_change(run.changes)

    # -- how ---------------------------------------------------------------------------------
    def _scan(self) -> Scan:
        from .scan import Scan

        return Scan(self._place.root, self._exclude, self._place.single)

    def _lock_reconcile(self, cancelled: Callable[[], bool]) -> bool:
        while not self._reconciling.acquire(timeout=0.1):
            if cancelled():
                return False
        return True

    def _reconcile(
        self,
        trees: Sequence[bytes],
        report: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool],
        has_news: Callable[[sqlite3.Connection], bool],
    ) -> Reconcile | None:
        """Return what was done; None: nothing could be."""
        from .reconcile import WHOLE, Reconcile

        for _ in range(3):
            try:
                with self._index.writing() as connection:
                    scan = self._scan()
                    run = Reconcile(
                        connection, scan, self._index.in_memory, report, cancelled, has_news
                    )
                    complete = run.run(trees)
                self._tell_unreadable(scan.unreadable)
                if complete and tuple(trees) == WHOLE:
                    self._is_stale = False
                return run
            except sqlite3.Error as error:
                if not self._mend(error):
                    raise
                trees = WHOLE
            except OSError as error:
                reason = error.strerror or str(error)
                self._tell(f"{self.root} cannot be listed any more ({reason}).")
                break
        return None

    def _has_news(self, connection: sqlite3.Connection) -> bool:
        """Return whether rows have changed since this was last asked, by whichever process."""
        was, self._news = self._news, self._newest(connection)
        return self._news != was

    def _newest(self, connection: sqlite3.Connection) -> tuple[int, int]:
        return self._index.age, news(connection)

    def _tell_unreadable(self, folders: Iterable[tuple[bytes, str]]) -> None:
        for folder, reason in folders:
            self._tell(
                f"The folder {shown_path(folder or self._place.root)} cannot be listed ({reason});"
                " its records are not shown, or as they were last."
            )
