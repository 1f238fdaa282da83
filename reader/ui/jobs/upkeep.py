"""Background work on the collection: each runs in a thread, posts what it found, touches no widget."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from reader.library.collection import Collection, Progress
from reader.records.query import Counts, Query


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


@dataclass
class Changed(Message):
    """Files changed while the reader is open, and the index has followed."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Changed)


@dataclass
class Failed(Message):
    """Background work could not be done."""

    reason: str


Post = Callable[[Message], None]
FIRST = 200  # ids that fill any screen at once


def list_ids(
    collection: Collection, query: Query, *, renewed: bool, first: bool, post: Post
) -> None:
    """Post the ids of a query; with `first`, those of the first screen ahead of the rest."""
    start = time.monotonic()
    if first:
        ids = collection.ids(query, limit=FIRST)
        complete = len(ids) < FIRST
        post(Listed(query, ids, renewed, complete, time.monotonic() - start))
        if complete:
            return
        renewed = True
    ids = collection.ids(query)
    post(Listed(query, ids, renewed, True, time.monotonic() - start))


def count(collection: Collection, post: Post) -> None:
    """Post the sidebar's numbers."""
    start = time.monotonic()
    counts = collection.counts()
    post(Counted(counts, time.monotonic() - start))


def reconcile(collection: Collection, post: Post, cancelled: Callable[[], bool]) -> None:
    """Bring the index up to date with the disk."""
    collection.reconcile(lambda progress: post(Progressed(progress)), cancelled)
    post(Reconciled())


def watch(
    collection: Collection, post: Post, cancelled: Callable[[], bool], ready: Callable[[], None]
) -> None:
    """Follow the disk until cancelled; `ready` is called once no change is missed any more."""
    collection.watch(lambda: post(Changed()), cancelled, ready)
