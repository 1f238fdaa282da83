"""Bringing the index up to date with the disk: only what is new or changed is read."""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence

from .filling import Filling
from .pool import FEW, Pool, parse_all
from .scan import Found, Scan
from .values import Changes, Progress

WHOLE = (b"",)
"""The subtrees of a whole collection: its root."""
REPORT_EVERY = 0.125  # seconds
WALK_STEP = 256  # files between two looks at the clock


def subtrees_of(paths: Iterable[bytes]) -> list[bytes]:
    """Return the paths without those that lie below another one."""
    kept: list[bytes] = []
    for path in sorted(set(paths), key=lambda path: path + b"/"):
        if path == b"":
            return [b""]
        if not kept or not path.startswith(kept[-1] + b"/"):
            kept.append(path)
    return kept


class Reconcile:
    """One run over one or more subtrees. Afterwards `parsed`, `removed` and `changes` tell what it
    did, and `changed` whether `has_news` has ever said so: it is asked whether rows have changed,
    by this run or another process, since it was last asked."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        scan: Scan,
        in_memory: bool,
        report: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool],
        has_news: Callable[[sqlite3.Connection], bool],
    ) -> None:
        self.parsed = self.removed = 0
        self.changed = False
        self._untold = False
        """Whether rows have changed since the last report."""
        self._connection = connection
        self._scan = scan
        self._report = report
        self._cancelled = cancelled
        self._has_news = has_news
        self._filling = Filling(connection, in_memory)
        self._pool = Pool(scan.root)
        self._next_report = 0.0

    def run(self, trees: Sequence[bytes]) -> bool:
        """Walk, read what differs from the index, drop what is gone; return whether it came to
        its end.

        Raises OSError when the collection's folder cannot be listed, sqlite3.Error when the
        index cannot be used.
        """
        collecting = gc.isenabled()
        gc.disable()  # a hundred thousand fresh tuples hold no cycles worth looking for
        try:
            return self._run(trees)
        finally:
            self._pool.close()
            self._filling.abandon()
            if collecting:
                gc.enable()

    def _run(self, trees: Sequence[bytes]) -> bool:
        start = time.monotonic()
        filling = self._filling
        known = self._known(trees)
        is_first = tuple(trees) == WHOLE and not known
        walked = self._walk(known, trees)
        if walked is None:
            return False
        added, unchanged = walked
        # In the order of the index of paths, which then grows at its end.
        added.sort()
        removed = list(known)
        known.clear()
        if is_first:
            filling.prepare_first()
        if removed and added:
            filling.expect_renames(removed, added)
        done, total = unchanged, unchanged + len(added)
        self._tell(done, total)
        paths = [found[0] for found in added]
        for at, parsed in parse_all(self._scan.root, paths, self._cancelled, pool=self._pool):
            if parsed:
                filling.write(list(zip(added[at : at + len(parsed)], parsed, strict=True)))
                done += len(parsed)
                self.parsed += len(parsed)
            filling.commit()
            self._tell(done, total)
        complete = not self._cancelled()
        if complete and removed:
            filling.remove(removed)
            self.removed = len(removed)
        if tuple(trees) == WHOLE:
            last: dict[str, object] = {
                "parsed": self.parsed,
                "removed": self.removed,
                "seconds": time.monotonic() - start,
            }
            filling.finish(complete, last)
        else:
            filling.commit(force=True)
        self._look()
        self._tell(done, total, finished=True)
        return complete

    @property
    def changes(self) -> Changes:
        """What has become of records by this run."""
        return self._filling.changes

    def _known(self, trees: Sequence[bytes]) -> dict[bytes, int]:
        """Return what the index knows: by path a hash of size, time and inode (small on purpose)."""
        select = "SELECT path, size, mtime_ns, inode FROM files"
        known: dict[bytes, int] = {}
        for tree in trees:
            rows = (
                self._connection.execute(
                    f"{select} WHERE path = ?1 OR (path > ?2 AND path < ?3)",
                    (tree, tree + b"/", tree + b"0"),
                )
                if tree
                else self._connection.execute(select)
            )
            for row in rows:
                known[row[0]] = hash(row[1:])
        return known

    def _walk(
        self, known: dict[bytes, int], trees: Sequence[bytes]
    ) -> tuple[list[Found], int] | None:
        """Return what is new or changed, and how many files are not; None when cancelled. What is
        left in `known` is gone from the disk."""
        added: list[Found] = []
        unchanged = 0
        for tree in trees:
            for count, found in enumerate(self._scan.files(tree)):
                if not count % WALK_STEP:
                    if self._cancelled():
                        return None
                    self._tell(unchanged + len(added), 0)
                    if len(added) > FEW:
                        self._pool.start(len(added))
                was = known.pop(found[0], None)
                if was is None or was != hash(found[1:]):
                    added.append(found)
                else:
                    unchanged += 1
        # What lies in a folder that could not be listed is not gone: it could not be seen.
        for folder, _ in self._scan.unreadable:
            below = folder and folder + b"/"
            for path in [path for path in known if path.startswith(below)]:
                del known[path]
        return added, unchanged

    def _tell(self, done: int, total: int, *, finished: bool = False) -> None:
        now = time.monotonic()
        if self._report is None or (now < self._next_report and not finished):
            return
        self._next_report = now + REPORT_EVERY
        self._look()
        news, self._untold = self._untold, False
        self._report(Progress(done, total, news, finished))

    def _look(self) -> None:
        """Look whether rows have changed; what is not committed cannot be seen yet."""
        if not self._connection.in_transaction and self._has_news(self._connection):
            self.changed = self._untold = True
