"""Edits in the background: one thread that does what is asked for, in order, and posts what became
of it. The keys never wait for a disk."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from reader.library.editing import Editing
from reader.library.outcome import Became, Outcome, Target
from reader.records.bulk import Plan
from reader.records.decisions import Decision

if TYPE_CHECKING:
    from reader.terminal.editor import Copy

GRACE = 0.06
"""Seconds for which a decision on one record, an undo or a redo waits, so that it can be withdrawn
when it turns out to have come from pasted text; then the program has to have come to all keys that it
was sent by then, however busy it is."""
LATEST = 1.0
"""Seconds after which it is done at the latest: the program may be in the user's editor."""


@dataclass
class Job:
    """Something to be done by the writing thread."""

    run: Callable[[Editing, Callable[[int, int], None], Callable[[], bool]], Message]
    decision: Decision | None = None
    ids: tuple[int, ...] = ()
    is_bulk: bool = False
    due: float = 0.0
    """Not before this moment of the monotonic clock; 0: it cannot be withdrawn."""
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass
class Decided(Message):
    """A decision was made, or could not be."""

    decision: Decision
    ids: tuple[int, ...]
    """Of the records it was meant for, by the index."""
    outcome: Outcome
    done: tuple[int, ...]
    """Ids of those that it changed."""
    is_bulk: bool = False
    is_said: bool = False
    """Whether it was said when it was taken, and need not be said again."""


@dataclass
class TakenBack(Message):
    """A step was taken back, or could not be; `outcome` is None when there was none."""

    is_undo: bool
    outcome: Outcome | None
    ids: tuple[int, ...] = ()


@dataclass
class Foreseen(Message):
    """What a decision on many records would do."""

    decision: Decision
    plan: Plan
    targets: list[Target]


@dataclass
class Advanced(Message):
    """How far an edit of many records is."""

    done: int
    total: int

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Advanced)


@dataclass
class NotEdited(Message):
    """Nothing could be done; the reason is a sentence."""

    reason: str
    decision: Decision | None = None
    ids: tuple[int, ...] = ()


class Edits:
    """The queue of one screen."""

    def __init__(self, screen: Screen[None], editing: Editing) -> None:
        self._screen = screen
        self._editing = editing
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._running: Job | None = None
        self._is_over = False
        self._is_held = False

    # -- asking -----------------------------------------------------------------------------------
    def decide(
        self,
        decision: Decision,
        targets: Sequence[Target],
        *,
        force: bool = False,
        is_bulk: bool = False,
        is_said: bool = False,
    ) -> None:
        """Post Decided once the decision is made; `is_said` goes with it."""
        ids = tuple(target.id for target in targets)

        def run(
            editing: Editing, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
        ) -> Message:
            outcome = editing.decide(
                decision, targets, force=force, progress=progress, cancelled=cancelled
            )
            return Decided(decision, ids, outcome, editing.ids_of(outcome), is_bulk, is_said)

        due = 0.0 if is_bulk or force else time.monotonic() + LATEST
        self._put(Job(run, decision, ids, is_bulk, due))

    def rewrite(self, target: Target, before: bytes, after: bytes, copy: Copy) -> None:
        """Post Decided once what the user's editor made of the file is in place; the `copy` that was
        edited goes then."""
        decision, ids = Decision("edit"), (target.id,)

        def run(editing: Editing, *_: object) -> Message:
            try:
                outcome = editing.rewrite(target, before, after)
            except BaseException:
                copy.keep()
                raise
            if all(each.became is Became.DONE for each in outcome.results):
                copy.remove()
            else:
                copy.keep()
            return Decided(decision, ids, outcome, editing.ids_of(outcome))

        self._put(Job(run, decision, ids))

    def foresee(self, decision: Decision, ids: Sequence[int], key: str, hidden: int) -> None:
        """Post Foreseen once it is known what a decision on many records would do."""

        def run(
            editing: Editing, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
        ) -> Message:
            plan, targets = editing.plan(
                decision, ids, key, hidden=hidden, progress=progress, cancelled=cancelled
            )
            return Foreseen(decision, plan, targets)

        self._put(Job(run, decision, tuple(ids), True))

    def undo(self, step: int | None = None, *, force: bool = False) -> None:
        """Post TakenBack once the latest step (or this one) has been taken back."""
        self._put(
            Job(
                lambda editing, progress, cancelled: self._taken_back(
                    editing,
                    True,
                    editing.undo(step, force=force, progress=progress, cancelled=cancelled),
                ),
                is_bulk=True,
                due=time.monotonic() + LATEST,
            )
        )

    def undo_since(self, moment: float) -> None:
        """Post TakenBack for each step taken back since a moment (seconds since 1970)."""

        def run(editing: Editing, *_: object) -> Message:
            outcomes = editing.undo_since(moment)
            for outcome in outcomes[:-1]:
                self._post(self._taken_back(editing, True, outcome))
            return self._taken_back(editing, True, outcomes[-1] if outcomes else None)

        self._put(Job(run, is_bulk=True))

    def redo(self) -> None:
        """Post TakenBack once the latest undo has been taken back."""
        self._put(
            Job(
                lambda editing, progress, cancelled: self._taken_back(
                    editing, False, editing.redo(progress=progress, cancelled=cancelled)
                ),
                is_bulk=True,
                due=time.monotonic() + LATEST,
            )
        )

    def do(self, work: Callable[[Editing], Message]) -> None:
        """Do anything else in order with the edits, and post what it returns."""
        self._put(Job(lambda editing, *_: work(editing)))

    def sync(self, work: Callable[[Editing, Callable[[], bool]], Message]) -> None:
        """Do something long that can be cancelled, in order with the edits."""
        self._put(Job(lambda editing, _, cancelled: work(editing, cancelled), is_bulk=True))

    # -- the queue --------------------------------------------------------------------------------
    @property
    def is_busy(self) -> bool:
        """Whether many records are being edited, which may take a while."""
        with self._changed:
            jobs = [*self._jobs, *([self._running] if self._running else [])]
            return any(job.is_bulk for job in jobs)

    @property
    def waiting(self) -> int:
        """How many jobs are not finished."""
        with self._changed:
            return len(self._jobs) + (self._running is not None)

    def hold(self) -> None:
        """Begin no decision, undo or redo until `release`: they may come from pasted text."""
        with self._changed:
            self._is_held = True

    def release(self) -> None:
        """What was held and has not been withdrawn may be done."""
        with self._changed:
            self._is_held = False
            self._changed.notify_all()

    def awaits(self, record_id: int) -> bool:
        """Whether a decision on this record is still to be made."""
        with self._changed:
            jobs = [*self._jobs, *([self._running] if self._running else [])]
            return any(record_id in job.ids for job in jobs)

    @property
    def may_withdraw(self) -> bool:
        """Whether there is anything that `withdraw` would take out."""
        with self._changed:
            return any(job.due for job in self._jobs)

    def withdraw(self) -> list[Job]:
        """Take out the decisions, undos and redos that have not been begun; return them, the first
        one first."""
        with self._changed:
            withdrawn = [job for job in self._jobs if job.due]
            self._jobs = deque(job for job in self._jobs if not job.due)
            return withdrawn

    def put_back(self, jobs: Sequence[Job]) -> None:
        """Do after all what was withdrawn."""
        for job in jobs:
            job.due = 0.0
            self._put(job)

    def cancel(self) -> bool:
        """Have the edit of many records end after the record it is at; whether there was one."""
        with self._changed:
            if self._running is not None and self._running.is_bulk:
                self._running.cancelled.set()
                return True
            return False

    def finish(self, seconds: float | None = None) -> bool:
        """Wait until everything asked for is done, and end; return whether that took no longer than
        `seconds`."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    # -- in the thread ----------------------------------------------------------------------------
    def _put(self, job: Job) -> None:
        with self._changed:
            self._jobs.append(job)
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="edits", daemon=True)
                self._thread.start()
        if job.due:
            # By the app's queue: keys that are in it already are seen before.
            later = self._screen.app.call_later
            asyncio.get_running_loop().call_later(GRACE, later, self._may_begin, job)

    def _may_begin(self, job: Job) -> None:
        with self._changed:
            if job.due:
                job.due = time.monotonic()
                self._changed.notify_all()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            last = 0.0

            def progress(done: int, total: int) -> None:
                nonlocal last
                if time.monotonic() - last > 0.1:
                    last = time.monotonic()
                    self._post(Advanced(done, total))

            try:
                message = job.run(self._editing, progress, job.cancelled.is_set)
            except Exception as error:  # noqa: BLE001  # a thread's last resort: say it
                message = NotEdited(str(error) or type(error).__name__, job.decision, job.ids)
            with self._changed:
                self._running = None
            self._post(message)

    def _next(self) -> Job | None:
        with self._changed:
            while True:
                left = self._seconds_left()
                if left == 0:
                    self._running = self._jobs.popleft()
                    return self._running
                if self._is_over and not self._jobs:
                    return None
                self._changed.wait(left)

    def _seconds_left(self) -> float | None:
        """Return how long the first job still waits; None: until something changes."""
        if not self._jobs:
            return None
        due = self._jobs[0].due
        if self._is_over or not due:
            return 0.0
        return None if self._is_held else max(0.0, due - time.monotonic())

    def _taken_back(self, editing: Editing, is_undo: bool, outcome: Outcome | None) -> Message:
        ids = () if outcome is None else editing.ids_of(outcome)
        return TakenBack(is_undo, outcome, ids)

    def _post(self, message: Message) -> None:
        if self._screen.is_attached:
            self._screen.post_message(message)
