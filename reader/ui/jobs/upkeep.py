"""Background work on the collection: each job runs in a thread, posts what it found, and touches no
widget."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from reader.library.collection import Collection, Progress
from reader.records.query import Counts, Query

if TYPE_CHECKING:
    from reader.library.git_watch import Summary


@dataclass
class Listed(Message):
    """The ids of a query. `renewed`: the view is the same as before, only its records changed."""

    query: Query
    ids: array[int]
    renewed: bool
    complete: bool
    seconds: float


@dataclass
class Counted(Message):
    """The sidebar's numbers."""

    counts: Counts
    seconds: float

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Counted)


@dataclass
class Progressed(Message):
    """How far reading the files is."""

    progress: Progress

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Progressed) and not message.progress.changed


@dataclass
class Reconciled(Message):
    """The index agrees with the disk, as far as this run could tell."""

    changed: bool
    """Whether it did not before."""


@dataclass
class Changed(Message):
    """Files changed while the reader is open, and the index has followed."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Changed)


@dataclass
class Matched(Message):
    """The records that a query asks for; `wrong` says why it cannot be one."""

    text: str
    ids: array[int]
    wrong: str = ""


@dataclass
class GitSeen(Message):
    """What git says of the collection; None: it is in no work tree."""

    summary: Summary | None
    seconds: float
    """How long git took."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, GitSeen)


@dataclass
class Failed(Message):
    """Background work could not be done."""

    reason: str


FIRST = 200
"""Ids that fill any screen at once."""


class Upkeep:
    """The jobs of one screen. A new job of a kind takes the place of the one before; jobs of
    different kinds never cancel each other."""

    def __init__(self, screen: Screen[None], collection: Collection) -> None:
        self._screen = screen
        self._collection = collection

    def keep_up(self) -> None:
        """Follow the disk from now on, and find what changed before."""
        watching = threading.Event()
        self._run("watch", lambda cancelled: self._watch(watching, cancelled))
        self.reconcile(after=watching)

    def reconcile(self, after: threading.Event | None = None) -> None:
        """Bring the index up to date with the disk: posts Progressed, then Reconciled."""
        self._run("reconcile", lambda cancelled: self._reconcile(after, cancelled))

    def list_ids(
        self, query: Query, *, renewed: bool, first: bool, also: Sequence[int] = ()
    ) -> None:
        """Post Listed with a query's ids; `first`: those of the first screen ahead of the rest;
        `also`: those that stay in their place though they have left the view."""
        self._run("query", lambda _: self._list_ids(query, renewed, first, tuple(also)))

    def match(self, text: str) -> None:
        """Post Matched with the records that a query asks for."""
        self._run("match", lambda _: self._match(text))

    def look_at_git(self) -> None:
        """Post GitSeen."""
        self._run("git", lambda _: self._look_at_git())

    def count(self) -> None:
        """Post Counted with the sidebar's numbers."""
        self._run("counts", lambda _: self._count())

    # -- in the threads -------------------------------------------------------------------------
    def _run(self, kind: str, job: Callable[[Callable[[], bool]], None]) -> None:
        def work() -> None:
            worker = get_current_worker()
            try:
                job(lambda: worker.is_cancelled)
            except Exception as error:  # noqa: BLE001  # a thread's last resort: say it
                if not worker.is_cancelled:
                    self._post(Failed(str(error) or type(error).__name__))

        self._screen.run_worker(work, group=kind, exclusive=True, thread=True, exit_on_error=False)

    def _post(self, message: Message) -> None:
        if self._screen.is_attached:
            self._screen.post_message(message)

    def _watch(self, ready: threading.Event, cancelled: Callable[[], bool]) -> None:
        self._collection.watch(lambda: self._post(Changed()), cancelled, ready.set)

    def _reconcile(self, after: threading.Event | None, cancelled: Callable[[], bool]) -> None:
        if after is not None:
            after.wait(1)  # first the watch, so that no change falls between the two
        summary = self._collection.reconcile(
            lambda progress: self._post(Progressed(progress)), cancelled
        )
        self._post(Reconciled(bool(summary.parsed or summary.removed)))

    def _list_ids(self, query: Query, renewed: bool, first: bool, also: tuple[int, ...]) -> None:
        start = time.monotonic()
        if first:
            ids = self._collection.ids(query, limit=FIRST)
            complete = len(ids) < FIRST
            self._post(Listed(query, ids, renewed, complete, time.monotonic() - start))
            if complete:
                return
            renewed = True
        ids = self._collection.ids(replace(query, also=also))
        self._post(Listed(query, ids, renewed, True, time.monotonic() - start))

    def _match(self, text: str) -> None:
        from reader.records.querying import QueryError

        parsed = self._collection.parse_query(text)
        if isinstance(parsed, QueryError):
            meant = f"; did you mean {parsed.suggestion}?" if parsed.suggestion else ""
            self._post(Matched(text, array("q"), f"{parsed.reason}{meant}"))
        else:
            self._post(Matched(text, self._collection.find(parsed)))

    def _look_at_git(self) -> None:
        from reader.library.git_watch import git_summary

        start = time.monotonic()
        summary = git_summary(self._collection.root)
        self._post(GitSeen(summary, time.monotonic() - start))

    def _count(self) -> None:
        start = time.monotonic()
        counts = self._collection.counts()
        self._post(Counted(counts, time.monotonic() - start))
