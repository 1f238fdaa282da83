"""Following the disk in the line mode: what changes is gathered while lines are typed, and said
before the next prompt."""

from __future__ import annotations

import threading
from collections.abc import Callable

from reader.library.collection import Changes, Collection, Progress


class Following:
    """Two threads: one looks through the files once (and makes what searching is quicker with), the
    other watches them from then on."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._lock = threading.Lock()
        self._changes = Changes()
        self._is_other = False
        """Whether rows are others than they were told to be."""
        self._stop = threading.Event()
        self._watching = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(work,), name=name, daemon=True)
            for name, work in (("watch", self._watch), ("reconcile", self._reconcile))
        ]

    def start(self) -> None:
        """Begin to follow."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._stop.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def news(self) -> Changes | None:
        """Return what has become of records since this was last asked; None: nothing."""
        with self._lock:
            changes, is_other = self._changes, self._is_other
            self._changes, self._is_other = Changes(), False
        return changes if is_other else None

    # -- in the threads ---------------------------------------------------------------------------
    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001  a thread's last resort: it is told
            if not self._stop.is_set():
                self._collection.notices.append(f"The files cannot be followed: {error}.")

    def _watch(self) -> None:
        self._collection.watch(self._took, self._stop.is_set, self._watching.set)

    def _reconcile(self) -> None:
        self._watching.wait(1)  # first the watch, so that no change falls between the two

        is_other = False

        def progress(made: Progress) -> None:
            nonlocal is_other
            is_other = is_other or made.changed

        changes = self._collection.reconcile(progress, self._stop.is_set).changes
        if is_other or any(changes):
            self._took(changes)
        self._collection.complete(self._stop.is_set)  # what searching is quicker with

    def _took(self, changes: Changes) -> None:
        with self._lock:
            self._changes = self._changes.then(changes)
            self._is_other = True
