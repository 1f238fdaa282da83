"""A collection's git work tree at a glance, for the status line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .git import Change, GitError, WorkTree
from .scan import ENDINGS


@dataclass(frozen=True, slots=True)
class Summary:
    """The work tree at one moment."""

    branch: str
    """Safe to show; the short id of the commit when no branch is checked out."""
    differing: int
    """Files of a record's kind that differ from the last commit."""
    changes: Mapping[bytes, Change]
    """How each file of the collection differs that does, by its path relative to the root."""
    ahead: int = 0
    """Commits that the branch it follows has not got yet, as far as was heard of that one."""
    behind: int = 0
    """Commits that the branch it follows has beyond this one, likewise."""


def git_summary(root: Path) -> Summary | None:
    """Return the branch of the collection at `root` and what differs from the last commit; None
    outside a work tree, without git, and when git cannot tell.

    Never raises, and starts no program where no folder on the way up belongs to git. Takes as
    long as `git status` does: it belongs into a thread."""
    try:
        real = os.path.realpath(os.fsencode(root))
        if not _is_below_git(real):
            return None
        status = WorkTree.find(real).status()
    except (GitError, OSError, ValueError):  # no such folder, a name with NUL, no memory for more
        return None
    differing = sum(path.lower().endswith(ENDINGS) for path in status.changes)
    return Summary(status.branch, differing, status.changes, status.ahead, status.behind)


def _is_below_git(folder: bytes) -> bool:
    while not os.path.lexists(os.path.join(folder, b".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above
    return True
