"""Background work on the collection: each job runs in a thread, posts what it found, and touches no
widget."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.message import Message

from reader.library.collection import Progress
from reader.records.query import Counts, plain_query

from .running import Running

if TYPE_CHECKING:
    from reader.library.git_watch import Summary
    from reader.records.querying import Parsed, QueryError


@dataclass
class Listed(Message):
    """The ids of a query. `renewed`: the query is the same as before, only its records changed."""

    text: str
    ids: array[int]
    renewed: bool
    complete: bool
    seconds: float
    parsed: Parsed | None = None
    """None: a view and an order, nothing more."""
    also: Sequence[int] = ()
    """Those that were to stay in their place though they are not asked for any more."""


@dataclass
class Misread(Message):
    """A text that is no query."""

    text: str
    error: QueryError


@dataclass
class Counted(Message):
    """The sidebar's numbers, among the records of a query."""

    text: str
    counts: Counts
    seconds: float
    is_whole: bool = False
    """Whether they are those of the whole collection, without the user's own views."""


@dataclass
class Progressed(Message):
    """How far reading the files is."""

    progress: Progress

    def can_replace(self, message: Message) -> bool:
        # The newer one takes its place, unless that would hide that rows have changed.
        return isinstance(message, Progressed) and not self.progress.changed


@dataclass
class Reconciled(Message):
    """The index agrees with the disk, as far as this run could tell."""

    read: int
    """Files that were read for that: they are new, or had changed."""
    removed: int
    """Files that were gone."""

    @property
    def changed(self) -> bool:
        """Whether it did not agree before."""
        return bool(self.read or self.removed)


@dataclass
class Changed(Message):
    """Files changed while the reader is open, and the index has followed."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Changed)


@dataclass
class GitSeen(Message):
    """What git says of the collection; None: it is in no work tree."""

    summary: Summary | None
    seconds: float
    """How long git took."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, GitSeen)


PAUSE = 0.03
"""Seconds between the first screen of a list and the rest of it."""
FIRST = 200
"""Ids that fill any screen at once."""


class Upkeep(Running):
    """Following the disk, and listing what a query asks for."""

    def keep_up(self) -> None:
        """Follow the disk from now on, and find what changed before."""
        watching = threading.Event()
        self._run("watch", lambda cancelled: self._watch(watching, cancelled))
        self.reconcile(after=watching)

    def reconcile(self, after: threading.Event | None = None) -> None:
        """Bring the index up to date with the disk: posts Progressed, then Reconciled. Then make what
        searching is quicker with, if that is not there yet."""
        self._run("reconcile", lambda cancelled: self._reconcile(after, cancelled))

    def list_ids(self, text: str, *, renewed: bool, first: bool, also: Sequence[int] = ()) -> None:
        """Post Listed with a query's ids, or Misread; `first`: those of the first screen ahead of
        the rest; `also`: those that stay in their place though they are not asked for any more."""
        views = dict(self.views)
        self._run(
            "query",
            lambda cancelled: self._list_ids(text, views, renewed, first, tuple(also), cancelled),
        )

    def stop_listing(self) -> None:
        """What was asked for is not wanted any more."""
        self._screen.workers.cancel_group(self._screen, "query")

    def look_at_git(self) -> None:
        """Post GitSeen."""
        self._run("git", lambda _: self._look_at_git())

    def count(self, text: str, *, whole: bool) -> None:
        """Post Counted with the sidebar's numbers among a query's records; `whole`: those of the
        whole collection after them."""
        views = dict(self.views)
        self._run("counts", lambda cancelled: self._count(text, views, whole, cancelled))

    # -- in the threads -------------------------------------------------------------------------
    def _watch(self, ready: threading.Event, cancelled: Callable[[], bool]) -> None:
        self._collection.watch(lambda _: self._post(Changed()), cancelled, ready.set)

    def _reconcile(self, after: threading.Event | None, cancelled: Callable[[], bool]) -> None:
        if after is not None:
            after.wait(1)  # first the watch, so that no change falls between the two
        summary = self._collection.reconcile(
            lambda progress: self._post(Progressed(progress)), cancelled
        )
        self._post(Reconciled(summary.parsed, summary.removed))
        self._collection.complete(cancelled)

    def _list_ids(
        self,
        text: str,
        views: Mapping[str, str],
        renewed: bool,
        first: bool,
        also: tuple[int, ...],
        cancelled: Callable[[], bool],
    ) -> None:
        start = time.monotonic()
        plain = plain_query(text)
        parsed = None
        if plain is None:
            from reader.records.querying import QueryError, parse

            found = parse(text, now=self._collection.now(), views=views)
            if isinstance(found, QueryError):
                self._post(Misread(text, found))
                return
            parsed = found

        def ids_of(limit: int | None, also: tuple[int, ...] = ()) -> array[int]:
            if plain is not None:
                return self._collection.ids(replace(plain, also=also), limit)
            assert parsed is not None
            return self._collection.find(
                parsed, limit, cancelled=cancelled, also=also, as_queue=True
            )

        def listed(ids: array[int], complete: bool) -> None:
            if not cancelled():
                seconds = time.monotonic() - start
                self._post(Listed(text, ids, renewed, complete, seconds, parsed, also))

        try:
            if first:
                ids = ids_of(FIRST)
                listed(ids, len(ids) < FIRST)
                if len(ids) < FIRST:
                    return
                time.sleep(PAUSE)  # the first screen is painted before the rest takes the machine
                if cancelled():
                    return
                renewed = True
            listed(ids_of(None, also), True)
        except ValueError as error:
            wrong = getattr(error, "error", None)
            if wrong is None:
                raise
            self._post(Misread(text, wrong))

    def _look_at_git(self) -> None:
        from reader.library.git_watch import git_summary

        start = time.monotonic()
        summary = git_summary(self._collection.root)
        self._post(GitSeen(summary, time.monotonic() - start))

    def _count(
        self, text: str, views: Mapping[str, str], whole: bool, cancelled: Callable[[], bool]
    ) -> None:
        start = time.monotonic()
        if text.strip() or views:
            counts = self._count_within(text, views, cancelled)
            if not cancelled():
                self._post(Counted(text, counts, time.monotonic() - start))
        if (whole or not (text.strip() or views)) and not cancelled():
            start = time.monotonic()
            counts = self._collection.counts()
            self._post(Counted("", counts, time.monotonic() - start, is_whole=True))

    def _count_within(
        self, text: str, views: Mapping[str, str], cancelled: Callable[[], bool]
    ) -> Counts:
        """Count what each line of the sidebar would list: a topic takes the place of the one that
        is chosen, so the topics are counted without it; and so each section."""
        from reader.records.choices import SECTIONS, chosen
        from reader.records.querying.rewriting import without_field

        wanted = chosen(text)
        by_text: dict[str, Counts] = {}
        sections = {}
        for field, section in SECTIONS.items():
            asked = without_field(text, field) if field in wanted else text
            if asked not in by_text:
                by_text[asked] = self._collection.counts_matching(
                    asked, views=views, cancelled=cancelled
                )
            sections[section] = getattr(by_text[asked], section)
        return Counts(**sections)
