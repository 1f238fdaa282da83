"""An opened collection: the one thing commands and interface talk to.

Every method may be called from any thread; each thread has its own connection.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reader.records.query import Counts, Query
from reader.records.record import Problem, Record
from reader.records.row import Row


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reconcile is. `total` is 0 while the tree is still being walked."""

    done: int  # files looked at: read and parsed, or known to be unchanged
    total: int  # files found
    changed: bool  # rows were added, changed or removed since the last report
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What the index holds, and what the last reconcile did. Times in seconds."""

    records: int
    problems: int
    skipped: int  # files with a record's ending that are no records
    parsed: int
    removed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Opened:
    """A record as read from its file just now."""

    id: int
    path: str
    """Relative to the collection, `/` between the parts, undecodable bytes as surrogates."""
    data: bytes
    record: Record | Problem


class CollectionError(Exception):
    """The path cannot be opened as a collection; the message says why and what to do."""


class Collection:
    """A folder of records (or a single record's file), its index and the reader's own state."""

    root: Path
    """The folder that paths are relative to (a single file's parent)."""
    single: str | None
    """The file's name when the collection is a single file."""
    name: str
    notices: list[str]
    """What the user should know: the index is in memory, the state cannot be written, …"""

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
        """Open the index (made or remade where needed) without looking at the tree.

        Raises CollectionError: no such path, no permission, neither folder nor record.
        """
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError

    # -- reading the index ---------------------------------------------------------------
    @property
    def is_indexed(self) -> bool:
        """Whether a reconcile has ever finished: an empty index means an empty collection."""
        raise NotImplementedError

    def ids(self, query: Query, limit: int | None = None) -> array[int]:
        """Return the ids (array of type `q`) of the query's records, in its order."""
        raise NotImplementedError

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """Return a row for each id that (still) exists, in the order given."""
        raise NotImplementedError

    def path(self, id: int) -> str | None:
        raise NotImplementedError

    def id_of_path(self, path: str) -> int | None:
        raise NotImplementedError

    def id_of_url(self, url: str) -> int | None:
        """Return the record whose webUrl, originalUrl or ampWebUrl is this page."""
        raise NotImplementedError

    def mentioned_by(self, id: int, limit: int = 50) -> list[Row]:
        """Return the records whose `related` names this one, newest first."""
        raise NotImplementedError

    def counts(self, *, cached: bool = False) -> Counts:
        """Return the sidebar's numbers; `cached`: those of the last time, at once."""
        raise NotImplementedError

    def problems(self) -> list[tuple[str, Problem]]:
        """Return (path, problem) of every file that should be a record and cannot be read."""
        raise NotImplementedError

    def summary(self) -> Summary:
        raise NotImplementedError

    def open_record(self, id: int) -> Opened | None:
        """Read the record's file; None when the id or the file is gone (an unreadable file is a Problem)."""
        raise NotImplementedError

    # -- the reader's own state ------------------------------------------------------------
    def set_read(self, ids: Iterable[int], read: bool) -> None:
        raise NotImplementedError

    def set_starred(self, ids: Iterable[int], starred: bool) -> None:
        raise NotImplementedError

    # -- keeping up with the disk ------------------------------------------------------------
    def reconcile(
        self,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        rebuild: bool = False,
    ) -> Summary:
        """Walk the tree, parse what is new or changed, drop what is gone."""
        raise NotImplementedError

    def watch(self, on_change: Callable[[], None], cancelled: Callable[[], bool]) -> None:
        """Block, and bring the index up to date whenever files change; `on_change` after each time.

        Returns when `cancelled` says so (looked at about four times a second)."""
        raise NotImplementedError
