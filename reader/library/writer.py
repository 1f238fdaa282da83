"""The one writer: decisions applied to files, taken back, and finished after a crash.

For each record: the file is locked and read again, the decision made of what it holds now, the
edit spliced and verified (module `preparing`); then the journal stores what will change; then the
file is replaced; then the journal notes that it was. Many records go in batches, so that the
journal is synced twice a batch and not twice a record.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reader.records.decisions import Decision
from reader.records.edit import Rewrite

from .journal import Entry, How, Journal, Step
from .outcome import Became, Outcome, Result, Target
from .preparing import Prepared, Preparing
from .recovery import Relocate, recover
from .rehearsal import Rehearsal
from .replace import BusyError, CannotWriteError, ChangedError, move, replace, sync_folder
from .values import never, silent

BATCH = 64
"""Records between two looks at the journal; their files are locked meanwhile."""
TRIES = 5
"""How often a file that changes under our hands is read again."""

Progress = Callable[[int, int], None]
"""Told how many records are through, of how many."""
_Job = Callable[[], Prepared | Result]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who decides, and by what."""

    who: str
    origin: str
    """`interface` or `command`."""
    session: str
    """A name for this run of the program."""


class Writer:
    """Applies edits to the files of one collection, in order."""

    def __init__(
        self,
        root: bytes,
        journal: Journal,
        origin: Origin,
        now: Callable[[], float],
        relocate: Relocate,
        place_of_rejected: Callable[[bytes, str], bytes] | None = None,
    ) -> None:
        """`relocate` finds the file that holds the record of a key when it is not at a path any
        more; `place_of_rejected` gives
        where a rejected file goes, from its path and a word that is in use nowhere else."""
        self._root = root
        self._journal = journal
        self._origin = origin
        self._now = now
        self._relocate = relocate
        self._preparing = Preparing(root, journal, now, relocate, place_of_rejected)
        self.told: list[str] = []
        """What was found half done of readers that were killed; a sentence each."""

    def decide(
        self,
        decision: Decision,
        targets: Iterable[Target],
        *,
        force: bool = False,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> Outcome:
        """Apply a decision to records, as one step. With `force` also where someone else has
        changed the same field. Raises JournalError; what was done by then is in the journal."""

        def job(target: Target) -> _Job:
            return lambda: self._preparing.decided(decision, target, force)

        unique = {target.path: target for target in targets}
        jobs = [(path, job(target)) for path, target in unique.items()]
        return self._run(How.DECISION, decision, None, jobs, progress, cancelled)

    def rewrite(self, target: Target, edit: Rewrite) -> Outcome:
        """Put in place what the user's own editor made of a file. Raises JournalError."""
        jobs = [(target.path, lambda: self._preparing.rewritten(target, edit))]
        return self._run(How.DECISION, Decision("edit"), None, jobs, silent, never)

    def preview(self, decision: Decision, target: Target) -> Prepared | Result:
        """Return what would become of a record; nothing is changed, and no file stays locked."""
        try:
            found = self._preparing.decided(decision, target, False)
        except CannotWriteError as error:
            return Result(target.path, Became.FAILED, reason=str(error))
        if isinstance(found, Prepared):
            found.let_go()
        return found

    def take_back(
        self,
        step: Step,
        *,
        force: bool = False,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> Outcome:
        """Take a step back, as one step of its own: an `undo`, or for an `undo` a `redo`.

        What others changed since stands; a field they changed too is a clash, and stays theirs
        unless forced. Raises JournalError."""

        def job(entry: Entry) -> _Job:
            return lambda: self._preparing.taken_back(entry, force)

        entries = self._journal.standing(step.id)
        jobs = [(entry.path, job(entry)) for entry in reversed(entries)]
        return self._run(step.back, step.decision, step.id, jobs, progress, cancelled)

    def rehearsal(self) -> Rehearsal:
        """Return what tells of steps what taking them back would do, and changes nothing."""
        return Rehearsal(self._root, self._journal, self._now, self._relocate)

    def recover(self) -> None:
        """Finish or forget what a reader that was killed had under way; `told` says which. Raises
        JournalError."""
        if self._journal.pending():
            with self._journal.writing():
                self._recover()

    def _recover(self) -> None:
        self.told += recover(self._root, self._journal, self._relocate)

    # -- a step -----------------------------------------------------------------------------------
    def _run(
        self,
        how: How,
        decision: Decision,
        of: int | None,
        jobs: Sequence[tuple[bytes, _Job]],
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> Outcome:
        results: list[Result] = []
        step: int | None = None
        stopped = False
        for start in range(0, len(jobs), BATCH):
            if cancelled():
                stopped = True
                break
            batch = list(jobs[start : start + BATCH])
            with self._journal.writing():
                self._recover()
                tries = 0
                while batch and tries < TRIES:
                    made, step, batch, waited = self._run_batch(batch, how, decision, of, step)
                    results += made
                    tries += not waited
            results += [
                Result(path, Became.FAILED, reason="It is being changed all the time; try again.")
                for path, _ in batch
            ]
            progress(len(results), len(jobs))
        is_made = any(result.became is Became.DONE for result in results)
        return Outcome(step if is_made else None, decision, how, tuple(results), stopped, of)

    def _run_batch(
        self,
        jobs: Sequence[tuple[bytes, _Job]],
        how: How,
        decision: Decision,
        of: int | None,
        step: int | None,
    ) -> tuple[list[Result], int | None, list[tuple[bytes, _Job]], bool]:
        """Return results, the step's id, the jobs that are to be tried again, and whether those
        only waited for another job with the same file (by a link)."""
        results: list[Result] = []
        again: list[tuple[bytes, _Job]] = []
        waiting: list[tuple[bytes, _Job]] = []
        prepared: list[tuple[Prepared, tuple[bytes, _Job]]] = []
        try:
            for job in jobs:
                try:
                    found = job[1]()
                except BusyError:
                    waiting.append(job)
                    continue
                except CannotWriteError as error:
                    found = Result(job[0], Became.FAILED, reason=str(error))
                if isinstance(found, Prepared):
                    prepared.append((found, job))
                    if found.held is not None:
                        self._preparing.ours.add(found.held.inode)
                else:
                    results.append(found)
            if not prepared:
                return results, step, waiting, False
            if step is None:
                step = self._journal.begin(self._step(how, decision, of))
            ids = self._journal.intend(step, [each.entry for each, _ in prepared])
            done: list[int] = []
            forgotten: list[int] = []
            folders: set[bytes] = set()
            for id, (each, job) in zip(ids, prepared, strict=True):
                try:
                    _put(each)
                except ChangedError:
                    forgotten.append(id)
                    again.append(job)
                except CannotWriteError as error:
                    forgotten.append(id)
                    title, reason = each.entry.title, str(error)
                    results.append(Result(each.entry.path, Became.FAILED, title, reason))
                else:
                    done.append(id)
                    results.append(each.result)
                    if each.held is not None:
                        folders.add(os.path.dirname(each.held.path))
            for folder in folders:
                sync_folder(folder)
            self._journal.settle(done, forgotten)
            return results, step, again + waiting, not again
        finally:
            self._preparing.ours.clear()
            for each, _ in prepared:
                each.let_go()

    def _step(self, how: How, decision: Decision, of: int | None) -> Step:
        by = self._origin
        return Step(0, self._now(), by.who, by.origin, by.session, how, decision, of, None)


def _put(prepared: Prepared) -> None:
    """Change the one file. A change of the reader's own state is made when its entry is settled."""
    entry = prepared.entry
    if entry.moved is not None:
        move(entry.moved.source, entry.moved.target)
    elif prepared.held is not None:
        replace(prepared.held, prepared.data, entry.temp)
