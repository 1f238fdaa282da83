"""Commits of what was decided here, and their exchange with the upstream.

The journal tells which records were decided and not committed yet; the work tree which of them
differ from the last commit. Every method may take long and belongs into a thread.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain

from reader.records.commit_message import kinds_of, message
from reader.records.edit import Field, Refusal
from reader.records.merge import Both, Side, merge

from . import effects
from .collection import Collection
from .editing import Editing
from .files import read_file
from .git import Change, Conflict, NotPushedError, Synced, WorkTree
from .journal import Uncommitted
from .values import never

_ELSEWHERE = (Change.DELETED, Change.UNTRACKED, Change.ADDED)


@dataclass(frozen=True, slots=True)
class Planned:
    """A record of which something that was decided differs from the last commit."""

    path: bytes
    """Relative to the collection."""
    kinds: tuple[str, ...]
    """What was decided and differs, in words: `published`."""
    files: tuple[bytes, ...]
    """What is to be committed of it: its own file, and where that was moved to or from."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, made or planned."""

    records: tuple[Planned, ...]
    message: str
    """Empty when there is nothing to commit."""
    id: str | None = None
    """The short id; None when there was nothing to commit, or it is only planned."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """What kept two versions of a file from being merged."""

    path: bytes
    """Relative to the collection (`../` before files outside)."""
    both: Both | None
    """The field that both sides changed; None: the whole file, for the reason given."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a sync has done. With disputes, what they concern was neither pulled nor pushed."""

    commit: Commit
    synced: Synced
    disputes: tuple[Dispute, ...]


Choose = Callable[[bytes, Both], Side | None]
"""Asked for a field of the file at a path that both sides changed; None: it stays open."""


def _untold(commit: Commit) -> None:
    pass


class Publishing:
    """The way of one collection's decisions into its git repository."""

    def __init__(
        self, collection: Collection, editing: Editing, *, can_prompt: bool = False
    ) -> None:
        """With `can_prompt`, git may ask for passwords at the terminal. Raises NoGitError when
        there is no git or no work tree, GitError when git refuses the repository."""
        self._collection = collection
        self._editing = editing
        self._root = os.path.realpath(os.fsencode(collection.root))
        self._tree = WorkTree.find(self._root, can_prompt=can_prompt)

    def recover(self) -> str | None:
        """Bring a sync that was killed to an end; return what to tell the user, if anything.
        Raises GitError."""
        return self._tree.recover()

    def plan(self, subject: str = "") -> Commit:
        """Return what `commit` would commit now. Raises GitError, JournalError."""
        decided = self._editing.uncommitted()
        changes = self._tree.status().changes if decided else {}
        return self._plan(decided, changes, subject)

    def commit(self, subject: str = "") -> Commit:
        """Commit exactly the records of which something that was decided here differs from the
        last commit, as they are on the disk; `subject` takes the place of the message's first
        line.

        Raises GitError, with everything as it was, and JournalError."""
        decided = self._editing.uncommitted()
        if not decided:
            return Commit((), "")
        plan = self._plan(decided, self._tree.status().changes, subject)
        files = [file for record in plan.records for file in record.files]
        done = self._tree.commit(files, plan.message) if files else None
        # What has been decided anew meanwhile, or was left out, is for the next commit. What
        # differs no more was committed by hand, taken back, or set back by somebody else.
        open_still = self._tree.status().changes.keys() if files else set[bytes]()
        differing = {
            record.path for record in plan.records if not open_still.isdisjoint(record.files)
        }
        self._editing.note_committed(path for path in decided if path not in differing)
        return Commit(plan.records, plan.message, done)

    def sync(
        self,
        choose: Choose,
        *,
        told: Callable[[Commit], None] = _untold,
        cancelled: Callable[[], bool] = never,
    ) -> Exchange:
        """Commit what was decided, pull by rebase and push; the index follows.

        `told` is called with the commit before anything is fetched. Where both sides changed a
        record they are merged field by field, and `choose` is asked for a field that both
        changed. When anything stays open, nothing is pulled or pushed, and the disputes tell
        what. Raises what WorkTree.sync raises, JournalError, and what `choose` raises; the commit
        is made by then."""
        commit = self.commit()
        told(commit)
        merging = _Merging(choose)
        try:
            synced = self._tree.sync(merging.merged, cancelled=cancelled)
        except NotPushedError as error:
            self._follow(error.synced)
            raise
        self._follow(synced)
        return Exchange(commit, synced, tuple(merging.disputes_of(synced.conflicted)))

    def _follow(self, synced: Synced) -> None:
        if synced.files_changed:
            self._collection.reconcile_paths(synced.files_changed)

    # -- what was decided -------------------------------------------------------------------------
    def _plan(
        self, decided: dict[bytes, list[Uncommitted]], changes: dict[bytes, Change], subject: str
    ) -> Commit:
        moved = self._moves(
            path
            for path, edits in decided.items()
            if changes.get(path) in _ELSEWHERE
            or any(each.decision is not None and each.decision.args.get("move") for each in edits)
        )
        places = {path: (path, *self._linked(path), *moved.get(path, ())) for path in decided}
        differing = {
            path: tuple(dict.fromkeys(files))
            for path, files in places.items()
            if not changes.keys().isdisjoint(files)
        }
        committed = self._tree.committed(chain(*differing.values())) if differing else {}
        records = []
        for path, files in differing.items():
            showing = effects.showing(
                decided[path],
                path,
                next((committed[file] for file in files if file in committed), None),
                self._on_disk(files),
                is_elsewhere=changes.get(path) in _ELSEWHERE,
            )
            if showing:
                kinds = kinds_of([each.decision for each in showing if each.decision is not None])
                records.append(
                    Planned(path, kinds, tuple(each for each in files if each in changes))
                )
        if not records:
            return Commit((), "")
        return Commit(tuple(records), message({each.path: each.kinds for each in records}, subject))

    def _moves(self, paths: Iterable[bytes]) -> dict[bytes, tuple[bytes, ...]]:
        """Return where the files of records were moved to or from last, inside the collection."""
        wanted = set(paths)
        found: dict[bytes, tuple[bytes, ...]] = {}
        for step in self._editing.steps() if wanted else ():
            if not step.decision.args.get("move"):
                continue
            for entry in self._editing.entries(step.id):
                if entry.moved is not None and entry.path in wanted:
                    wanted.discard(entry.path)
                    ends = (entry.moved.source, entry.moved.target)
                    found[entry.path] = tuple(filter(None, map(self._inside, ends)))
            if not wanted:
                break
        return found

    def _on_disk(self, files: Iterable[bytes]) -> bytes | None:
        """Return the bytes of the first of these files that is there."""
        found = (read_file(self._root, file) for file in files)
        return next((data for data in found if isinstance(data, bytes)), None)

    def _linked(self, path: bytes) -> tuple[bytes, ...]:
        """Return the file that an edit of a symbolic link has changed."""
        full = os.path.join(self._root, path)
        inside = self._inside(os.path.realpath(full)) if os.path.islink(full) else b""
        return (inside,) if inside else ()

    def _inside(self, full: bytes) -> bytes:
        """Return a path relative to the collection; empty when it lies elsewhere."""
        prefix = self._root.rstrip(b"/") + b"/"
        return full.removeprefix(prefix) if full.startswith(prefix) else b""


@dataclass(slots=True)
class _Merging:
    """Merges the files of one sync. An answer holds for as long as the values are the same: the
    same question comes again in another round, and for the next of several commits."""

    choose: Choose
    _answers: dict[tuple[bytes, str], Side] = field(default_factory=dict)
    _disputes: dict[bytes, list[Dispute]] = field(default_factory=dict)

    def merged(self, conflict: Conflict) -> bytes | None:
        """Return the bytes both sides become, or None."""
        sides = (conflict.base, conflict.ours, conflict.theirs)
        name = os.fsdecode(os.path.basename(conflict.path))
        found = merge(*sides, name)
        if isinstance(found, tuple):
            chosen: dict[Field, Side] = {}
            left = []
            for both in found:
                side = self._side(conflict.path, both)
                if side is None:
                    left.append(Dispute(conflict.path, both))
                else:
                    chosen[both.field] = side
            if left:
                self._disputes[conflict.path] = left
                return None
            found = merge(*sides, name, chosen)
        if isinstance(found, bytes):
            return found
        reason = found.reason if isinstance(found, Refusal) else ""
        self._disputes[conflict.path] = [Dispute(conflict.path, None, reason)]
        return None

    def _side(self, path: bytes, both: Both) -> Side | None:
        key = path, repr(both)
        side = self._answers.get(key) or self.choose(path, both)
        if side is not None:
            self._answers[key] = side
        return side

    def disputes_of(self, paths: Iterable[bytes]) -> Iterable[Dispute]:
        """Yield what keeps each of these files from being merged."""
        for path in paths:
            if path in self._disputes:
                yield from self._disputes[path]
            elif path.startswith(b"../"):
                yield Dispute(path, None, "It lies outside the collection.")
            else:
                yield Dispute(path, None, "It is no plain file on both sides.")
