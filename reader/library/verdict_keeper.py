"""Verdicts written as they come: on a thread of its own, in small transactions."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence

from reader.records.link_history import Known
from reader.records.verdicts import Check

from .verdicts import Verdicts

EVERY = 0.1
"""Seconds from one transaction to the next, at least: each waits for the disk."""
AT_ONCE = 1000


class VerdictKeeper:
    """Stores checks, and tells of them only when they are on the disk: what was told is never
    lost, whatever happens to the program.

    `on_kept` is called on the keeper's thread, with the checks of one transaction. When they cannot
    be stored, `on_error` is told once, and the checks are told of all the same.
    """

    def __init__(
        self,
        verdicts: Verdicts,
        on_kept: Callable[[Sequence[Known]], None],
        on_error: Callable[[str], None],
    ) -> None:
        self._verdicts = verdicts
        self._on_kept = on_kept
        self._on_error = on_error
        self._failed = False
        self._queue: queue.SimpleQueue[Check | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reader-verdicts", daemon=True)
        self._thread.start()

    def put(self, check: Check) -> None:
        """Have a check stored soon. From any thread; returns at once."""
        self._queue.put(check)

    def wait_for_room(self) -> None:
        """Wait until few enough checks wait to be stored; for who has very many at once."""
        while self._queue.qsize() >= AT_ONCE:
            time.sleep(EVERY)

    def close(self) -> None:
        """Store what is left, and return when that is done."""
        self._closing.set()
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        ended = False
        while not ended:
            batch = [self._queue.get()]
            while len(batch) < AT_ONCE:
                try:
                    batch.append(self._queue.get_nowait())
                except queue.Empty:
                    break
            ended = None in batch
            checks = [check for check in batch if check is not None]
            if checks:
                self._on_kept(self._kept(checks))
            self._closing.wait(EVERY)

    def _kept(self, checks: Sequence[Check]) -> Sequence[Known]:
        from reader.records.link_history import first_known

        try:
            return self._verdicts.keep(checks)
        except sqlite3.Error as error:
            if not self._failed:
                self._failed = True
                self._on_error(f"What checking says of links could not be stored ({error}).")
            return [first_known(check) for check in checks]
