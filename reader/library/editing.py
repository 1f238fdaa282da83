"""Editing a collection: decisions on its records, undo, redo, and the history of both."""

from __future__ import annotations

import getpass
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from reader.records.bulk import Plan, Planned
from reader.records.decisions import Decision, expected
from reader.records.edit import Refusal, Rewrite
from reader.records.text import encodable

from .collection import Collection
from .journal import Entry, Journal, JournalError, Step, Uncommitted
from .outcome import Became, Outcome, Target
from .preparing import Prepared
from .rules import Rules
from .values import never, silent
from .writer import Origin, Progress, Writer

EXACT = 1000
"""Records of a bulk decision whose files are looked at before it is made; for more the list's own
knowledge has to do, and what a file refuses is told afterwards."""


class Editing:
    """Edits one collection. From any thread: what is asked for meanwhile waits."""

    def __init__(self, collection: Collection, rules: Rules, origin: str) -> None:
        """`origin` is `interface` or `command`. Nothing is opened yet."""
        self._collection = collection
        self._began = collection.now()
        self._rules = rules
        self._origin = Origin(_who(), origin, f"{os.getpid()}-{time.time_ns():x}")
        self._lock = threading.RLock()
        self._opening = threading.Lock()
        self._journal: Journal | None = None
        self._writer: Writer | None = None
        self._looked = False

    def close(self) -> None:
        """Close the journal, where it was opened; another edit opens it again."""
        with self._lock:
            if self._journal is not None:
                self._journal.close()
                self._journal = self._writer = None

    @property
    def why_not(self) -> str:
        """Why nothing may be edited here, as a sentence; empty: it may."""
        if not self._rules.allowed:
            return f"Decisions are off ({self._rules.why_not})."
        if self._collection.state_path is None:
            return "Decisions are off: the journal cannot be written, so nothing could be undone."
        if not os.access(self._collection.root, os.W_OK):
            return f"Decisions are off: the folder {self._collection.root} may not be written."
        return ""

    @property
    def can_journal(self) -> bool:
        """Whether what is decided can be kept and undone."""
        return self._rules.allowed and self._collection.state_path is not None

    @property
    def session(self) -> str:
        """The name of this run of the program in the journal."""
        return self._origin.session

    # -- deciding -----------------------------------------------------------------------------------
    def decide(
        self,
        decision: Decision,
        targets: Sequence[Target],
        *,
        force: bool = False,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> Outcome:
        """Apply a decision to records, as one step, and bring the index up to date.

        Raises JournalError: nothing may be edited, or the journal cannot be written."""
        with self._lock:
            writer = self._opened()
            made = self._made(decision)
            outcome = writer.decide(
                made, targets, force=force, progress=progress, cancelled=cancelled
            )
            return self._followed(outcome)

    def rewrite(self, target: Target, before: bytes, after: bytes) -> Outcome:
        """Put in place what the user's own editor made of a file. Raises JournalError."""
        with self._lock:
            return self._followed(self._opened().rewrite(target, Rewrite(before, after)))

    def preview(self, decision: Decision, target: Target) -> Prepared | Outcome:
        """Return what is about to change in one record, or the outcome that changes nothing."""
        with self._lock:
            found = self._opened().preview(self._made(decision), target)
        if isinstance(found, Prepared):
            return found
        from .journal import How

        return Outcome(None, decision, How.DECISION, (found,))

    def plan(
        self,
        decision: Decision,
        ids: Sequence[int],
        key: str = "",
        *,
        hidden: int = 0,
        exact: int = EXACT,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> tuple[Plan, list[Target]]:
        """Return who would change, who is so already and who is refused and why, and the targets
        to be handed to `decide`. Raises JournalError."""
        targets = self._collection.targets(ids)
        rows = {row.id: row for row in self._collection.rows(ids)}
        changing: list[Planned] = []
        already: list[Planned] = []
        refused: list[tuple[Planned, str]] = []
        for count, target in enumerate(targets):
            if not count % 64:
                progress(count, len(targets))
                if cancelled():
                    break
            path = os.fsdecode(target.path)
            row = rows.get(target.id)
            title, state = (path, target.state) if row is None else (row.title, row.state)
            planned = Planned(target.id, title, path, state)
            refusal = None
            look = len(targets) <= exact
            if not look:
                refusal = expected(decision, target.state, target.quality)
                # A field that could not be used may be the one that is decided about.
                look = refusal is not None and refusal.already and row is not None and row.warned
            if look:
                refusal = self._refusal(decision, target)
            if refusal is None:
                changing.append(planned)
            elif refusal.already:
                already.append(planned)
            else:
                refused.append((planned, refusal.reason))
        plan = Plan(decision, key, tuple(changing), tuple(already), tuple(refused), hidden)
        return plan, targets

    def _refusal(self, decision: Decision, target: Target) -> Refusal | None:
        with self._lock:
            found = self._opened().preview(self._made(decision), target)
        if isinstance(found, Prepared):
            return None
        return Refusal(found.reason, already=found.became is Became.ALREADY)

    # -- taking back --------------------------------------------------------------------------------
    def undo(
        self,
        step: int | None = None,
        *,
        force: bool = False,
        dry_run: bool = False,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> Outcome | None:
        """Take back one step, or the latest that is this session's to take back; None when there
        is none. One that has all been set back already is the latest once: the next time it is the
        one before that. A `dry_run` says what would become of it, and changes nothing. Raises
        JournalError."""
        with self._lock:
            take_back = self._taking_back(force, dry_run, progress, cancelled)
            journal = self._opened_journal()
            if step is not None:
                return take_back(journal.step(step))
            latest = next(iter(journal.to_undo(self._own_session(), began=self._began)), None)
            outcome = take_back(latest)
            if latest is not None and outcome is not None and _is_all_so(outcome) and not dry_run:
                journal.let_stand(latest.id)
            return outcome

    def undo_since(
        self,
        moment: float,
        *,
        force: bool = False,
        dry_run: bool = False,
        cancelled: Callable[[], bool] = never,
    ) -> list[Outcome]:
        """Take back every step since a moment (seconds since 1970) that stands, the latest first.
        The last outcome is `cancelled` where not all were come to.

        Raises JournalError."""
        with self._lock:
            take_back = self._taking_back(force, dry_run, silent, cancelled)
            outcomes: list[Outcome] = []
            for step in self._opened_journal().to_undo(None, -1):
                if step.at < moment:
                    continue
                if cancelled() and outcomes:
                    outcomes[-1] = replace(outcomes[-1], cancelled=True)
                    break
                outcome = take_back(step)
                outcomes += [] if outcome is None else [outcome]
        return outcomes

    def redo(
        self,
        *,
        force: bool = False,
        dry_run: bool = False,
        progress: Progress = silent,
        cancelled: Callable[[], bool] = never,
    ) -> Outcome | None:
        """Take back the latest undo, unless something has been decided since; None when there is
        none. Raises JournalError."""
        with self._lock:
            take_back = self._taking_back(force, dry_run, progress, cancelled)
            return take_back(self._opened_journal().to_redo(self._own_session()))

    def let_stand(self, step: int) -> None:
        """Have `undo` pass over a step from now on."""
        with self._lock:
            self._opened_journal().let_stand(step)

    def _taking_back(
        self, force: bool, dry_run: bool, progress: Progress, cancelled: Callable[[], bool]
    ) -> Callable[[Step | None], Outcome | None]:
        """Return what takes back the steps it is given, one after another, or says what would
        become of them."""
        writer = self._opened()
        rehearsal = writer.rehearsal() if dry_run else None

        def take_back(step: Step | None) -> Outcome | None:
            if step is None:
                return None
            if rehearsal is not None:
                return rehearsal.take_back(step, force=force, cancelled=cancelled)
            return self._followed(
                writer.take_back(step, force=force, progress=progress, cancelled=cancelled)
            )

        return take_back

    def _own_session(self) -> str | None:
        return self._origin.session if self._origin.origin == "interface" else None

    def ids_of(self, outcome: Outcome) -> tuple[int, ...]:
        """Return the index' ids of the records that a step changed, as far as they are there."""
        ids = (
            self._collection.id_of_path(os.fsdecode(result.path))
            for result in outcome.results
            if result.became is Became.DONE
        )
        return tuple(id for id in ids if id is not None)

    # -- the history --------------------------------------------------------------------------------
    def steps(
        self,
        *,
        path: str | None = None,
        who: str | None = None,
        since: float | None = None,
        until: float | None = None,
        limit: int = -1,
    ) -> list[Step]:
        """Return the steps that changed something, the latest first. Raises JournalError."""
        return self._opened_journal().steps(
            path=None if path is None else os.fsencode(path),
            who=who,
            since=since,
            until=until,
            limit=limit,
        )

    def step(self, id: int) -> Step | None:
        """Return one step. Raises JournalError."""
        return self._opened_journal().step(id)

    def entries(self, step: int) -> list[Entry]:
        """Return what a step changed. Raises JournalError."""
        return self._opened_journal().entries(step)

    def uncommitted(self) -> dict[bytes, list[Uncommitted]]:
        """Return the edits of files that have not been committed, by path. Raises JournalError."""
        return self._opened_journal().uncommitted()

    def note_committed(self, paths: Iterable[bytes]) -> None:
        """Note that the edits of these paths have been committed."""
        self._opened_journal().note_committed(paths)

    # -- after a crash ------------------------------------------------------------------------------
    def recover(self) -> list[str]:
        """Finish or forget what a reader that was killed had under way; return a sentence for
        each step. Raises JournalError."""
        if not self._collection.has_pending_edits() or self._collection.state_path is None:
            return []
        with self._lock:
            journal = self._opened_journal()
            writer = self._made_writer(journal)
            writer.recover()
            return self._told(writer)

    # -- how ----------------------------------------------------------------------------------------
    def _opened_journal(self) -> Journal:
        with self._opening:
            if self._journal is None:
                path = self._collection.state_path
                if path is None:
                    raise JournalError(self.why_not)
                self._journal = Journal(path)
            return self._journal

    def _opened(self) -> Writer:
        if self.why_not:
            raise JournalError(self.why_not)
        return self._made_writer(self._opened_journal())

    def _made_writer(self, journal: Journal) -> Writer:
        if self._writer is None:
            self._writer = Writer(
                os.fsencode(self._collection.root),
                journal,
                self._origin,
                self._collection.now,
                self._relocate,
                self._place_of_rejected if self._rules.reject != "mark" else None,
            )
        self._looked = False
        return self._writer

    def _made(self, decision: Decision) -> Decision:
        if decision.id == "reject" and self._rules.reject != "mark":
            return replace(decision, args={**decision.args, "move": self._rules.reject})
        return decision

    def _relocate(self, key: int, missed: bytes) -> bytes | None:
        """Find a record's file by its link, when it is not at the path `missed` any more; the
        whole tree is looked at once for all of a step."""
        if not self._looked:
            self._looked = True
            self._collection.reconcile()
        path = self._collection.path_of_key(key)
        return None if path == missed else path

    def _place_of_rejected(self, path: bytes, word: str) -> bytes:
        if self._rules.reject == "archive":
            folder = os.path.join(
                os.fsencode(self._collection.root), os.fsencode(self._rules.archive)
            )
            place = os.path.join(folder, path)
            return place if not os.path.lexists(place) else place + b"." + word.encode()
        state_path = os.fsencode(self._collection.state_path or "")
        trash = state_path.removesuffix(b".sqlite") + b".trash"
        return os.path.join(trash, word.encode() + b"-" + os.path.basename(path))

    def _followed(self, outcome: Outcome) -> Outcome:
        """Bring the index up to date with what was written."""
        paths: list[bytes] = []
        for result in outcome.results:
            if result.became is Became.DONE:
                paths += [result.path, *([result.moved_from] if result.moved_from else [])]
        if paths:
            self._collection.reconcile_paths(paths)
        if self._writer is not None:
            self._collection.notices += self._told(self._writer)
        return outcome

    def _told(self, writer: Writer) -> list[str]:
        told, writer.told = writer.told, []
        return told


def _is_all_so(outcome: Outcome) -> bool:
    """Whether each of a step's records has been looked at, and was so already."""
    if outcome.cancelled or not outcome.results:
        return False
    return all(result.became is Became.ALREADY for result in outcome.results)


def _who() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a user id without a name
        user = str(os.getuid()) if hasattr(os, "getuid") else "somebody"
    return encodable(f"{user}@{socket.gethostname()}")
