"""The rebase of a sync, in a second work tree that holds no files.

git rebases there, inside the repository's own folder, so that nothing of it is ever seen in the
user's work tree: whatever happens, to abort is to forget that folder.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from .git_objects import Blob, index_lines, read_blobs, write_blob
from .git_program import Git, failure

NAME = b"reader-rebase"  # git lists the second work tree by it while it is there

_SETTINGS = (
    "core.sparseCheckout=true",
    "core.sparseCheckoutCone=false",
    "index.sparse=false",
    "core.fsmonitor=false",
    "core.hooksPath=" + os.devnull,  # hooks expect the files that are not there
    "rebase.backend=merge",
    "rebase.autoStash=false",
    "rebase.autoSquash=false",
    "rebase.updateRefs=false",
    "rebase.rebaseMerges=false",
    "rebase.forkPoint=false",
    "rebase.stat=false",
    "merge.directoryRenames=false",
    "merge.conflictStyle=merge",
    "rerere.enabled=false",
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file both sides changed; the bytes are as git stores them, None where it does not exist."""

    path: bytes
    base: bytes | None
    ours: bytes | None
    """This checkout's own version."""
    theirs: bytes | None
    """The version of the upstream."""


Merge = Callable[[Conflict], bytes | None]
"""Returns the bytes both sides become, or None when it cannot be decided."""


class RefusedError(Exception):
    """A conflict at `paths` (from the top of the work tree) was not resolved."""

    def __init__(self, paths: list[bytes]):
        super().__init__(paths)
        self.paths = paths


class SecondTree:
    """The second work tree, in the folder `home` of the repository whose shared folder is
    `common`."""

    def __init__(self, git: Git, home: bytes, common: bytes):
        self.path = os.path.join(home, NAME)
        self._first = git
        self._common = common
        self._git = git.at(self.path)

    def open(self, commit: bytes) -> None:
        """Make it, at `commit`. Raises GitError."""
        self.remove()
        no_hooks = "core.hooksPath=" + os.devnull
        self._first.ask(
            "prepare the rebase",
            *("-c", no_hooks, "-c", "worktree.useRelativePaths=false"),
            *("worktree", "add", "--no-checkout", "--detach"),
            *(self.path, commit),
        )
        folder = self._git.line("prepare the rebase", "rev-parse", "--absolute-git-dir")
        info = os.path.join(folder, b"info")
        os.makedirs(info, exist_ok=True)
        with open(os.path.join(info, b"sparse-checkout"), "wb") as file:
            file.write(b"/.no-file-at-all\n")
        self._ask("prepare the rebase", "read-tree", "-m", "-u", "HEAD")

    def remove(self) -> bool:
        """Remove it and what git knows of it; return whether there was one.

        By hand: `git worktree prune` would forget work trees of the user's that are not at hand.
        """
        there = os.path.lexists(self.path)
        shutil.rmtree(self.path, ignore_errors=True)
        with contextlib.suppress(OSError):
            for name in os.listdir(os.path.join(self._common, b"worktrees")):
                folder = os.path.join(self._common, b"worktrees", name)
                if _linked(folder) == os.path.join(self.path, b".git"):
                    shutil.rmtree(folder, ignore_errors=True)
                    there = True
        return there

    def rebase(
        self, upstream: bytes, prefix: bytes, merge: Merge, cancelled: Callable[[], bool]
    ) -> bytes:
        """Rebase onto the commit `upstream` and return the id of the new head.

        `merge` is asked for conflicts in plain files below `prefix`. Raises RefusedError, and
        GitError when git fails for another reason.
        """
        arguments = ["--no-autostash", "--empty=drop", os.fsdecode(upstream)]
        while True:
            answer = self._git.run(*_set(), "rebase", *arguments, cancelled=cancelled)
            if answer.code == 0:
                return self._git.line("rebase", "rev-parse", "HEAD")
            conflicts = self._conflicts()
            if not conflicts:
                raise failure("rebase", answer)
            self._resolve(conflicts, prefix, merge, upstream)
            arguments = ["--continue"]

    def _conflicts(self) -> dict[bytes, dict[bytes, Blob]]:
        """Return, for each path, the stages by their number."""
        found: dict[bytes, dict[bytes, Blob]] = {}
        out = self._ask("list the conflicts", "ls-files", "-u", "-z")
        for line in out.split(b"\0")[:-1]:
            head, path = line.split(b"\t", 1)
            mode, oid, stage = head.split(b" ")
            found.setdefault(path, {})[stage] = Blob(mode, oid)
        return found

    def _resolve(
        self,
        conflicts: dict[bytes, dict[bytes, Blob]],
        prefix: bytes,
        merge: Merge,
        upstream: bytes,
    ) -> None:
        oids = [blob.oid for s in conflicts.values() for blob in s.values() if blob.is_file]
        blobs = read_blobs(self._git, oids)
        resolved: dict[bytes, Blob | None] = {}
        refused = []
        for path, stages in conflicts.items():
            merged = None
            if path.startswith(prefix) and all(blob.is_file for blob in stages.values()):
                # while rebasing, git's second stage is the upstream and the third our own commit
                base, theirs, ours = (
                    blobs[stages[number].oid] if number in stages else None
                    for number in (b"1", b"2", b"3")
                )
                merged = merge(Conflict(path[len(prefix) :], base, ours, theirs))
            if merged is None:
                refused.append(path)
            else:
                mode = (stages.get(b"3") or stages.get(b"2") or stages[b"1"]).mode
                resolved[path] = Blob(mode, write_blob(self._git, merged))
        if refused:
            raise RefusedError(refused)
        lines = index_lines(resolved, upstream)
        self._ask("resolve a conflict", "update-index", "-z", "--index-info", data=lines)
        # the file with git's markers would count as a change on top
        names = b"".join(path + b"\0" for path in resolved)
        self._ask(
            "resolve a conflict", "update-index", "-z", "--skip-worktree", "--stdin", data=names
        )
        for path in resolved:
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(self.path, path))

    def _ask(self, aim: str, *arguments: str | bytes, data: bytes | None = None) -> bytes:
        return self._git.ask(aim, *_set(), *arguments, data=data)


def _set() -> list[str]:
    return [word for setting in _SETTINGS for word in ("-c", setting)]


def _linked(folder: bytes) -> bytes | None:
    """Return the `.git` file that belongs to a folder below `worktrees`."""
    try:
        with open(os.path.join(folder, b"gitdir"), "rb") as file:
            return file.read().removesuffix(b"\n")
    except OSError:
        return None
