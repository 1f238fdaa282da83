"""What taking steps back would do, told without doing it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import replace

from .journal import Entry, Journal, Step
from .outcome import Became, Outcome, Result
from .preparing import Prepared, Preparing
from .recovery import Relocate
from .replace import CannotWriteError, Held


class Rehearsal(Preparing):
    """Takes steps back one after another, each as if those before it had been taken back: of
    several edits of one file the earlier one is looked at as the later one's undo would leave it."""

    def __init__(
        self, root: bytes, journal: Journal, now: Callable[[], float], relocate: Relocate
    ) -> None:
        super().__init__(root, journal, now, relocate, None)
        self._files: dict[bytes, Held] = {}
        """What real and whole paths would hold."""
        self._marks: dict[tuple[int, str], int | None] = {}
        """What the reader's own state would say, by key and column."""

    def take_back(self, step: Step, *, force: bool, cancelled: Callable[[], bool]) -> Outcome:
        """Return what would become of a step that is taken back. Raises JournalError."""
        entries = self._journal.standing(step.id)
        results: list[Result] = []
        for entry in reversed(entries):
            if cancelled():
                break
            results.append(self._result(entry, force))
        stopped = len(results) < len(entries)
        return Outcome(None, step.decision, step.back, tuple(results), stopped, step.id)

    def _result(self, entry: Entry, force: bool) -> Result:
        try:
            found = self.taken_back(entry, force)
        except CannotWriteError as error:
            return Result(entry.path, Became.FAILED, reason=str(error))
        if not isinstance(found, Prepared):
            return found
        found.let_go()
        self._suppose(found)
        return found.result

    def _suppose(self, prepared: Prepared) -> None:
        entry = prepared.entry
        if entry.marked is not None:
            self._marks[entry.key, entry.marked.column] = entry.marked.to
        elif entry.moved is not None:
            source, place = entry.moved.source, os.path.realpath(entry.moved.target)
            with contextlib.suppress(OSError), open(source, "rb") as file:
                self._files[place] = Held(place, file.read(), os.stat(source), -1)
        elif prepared.held is not None:
            self._files[prepared.held.path] = replace(prepared.held, data=prepared.data)

    def _held_file(self, path: bytes) -> Held | None:
        supposed = self._files.get(os.path.realpath(os.path.join(self._root, path)))
        return super()._held_file(path) if supposed is None else supposed

    def _is_there(self, place: bytes) -> bool:
        return os.path.realpath(place) in self._files or super()._is_there(place)

    def _mark_now(self, key: int, column: str) -> int | None:
        if (key, column) in self._marks:
            return self._marks[key, column]
        return super()._mark_now(key, column)
