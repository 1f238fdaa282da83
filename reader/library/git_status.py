"""What git says of a work tree: its branch, and which files differ from the last commit."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator
from dataclasses import dataclass

from reader.records.text import clean

from .git_program import Git


class Change(enum.Enum):
    """How a file differs from the last commit."""

    MODIFIED = "modified"
    ADDED = "added"
    """New, and git has been told of it."""
    UNTRACKED = "untracked"
    DELETED = "deleted"
    CONFLICTED = "conflicted"


@dataclass(frozen=True, slots=True)
class Status:
    """A work tree at one moment."""

    branch: str
    """Safe to show; the short id of the commit when no branch is checked out."""
    is_detached: bool
    upstream: str | None
    """Safe to show, as `origin/main`; None when the branch follows none."""
    ahead: int
    behind: int
    changes: dict[bytes, Change]
    """By path; a renamed file is a deleted and an added one."""
    unfinished: str | None
    """What was begun and not ended: `rebase`, `merge`, `cherry-pick`, …"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that differs, by its path from the top of the work tree."""

    path: bytes
    staged: str
    """How the index differs from the last commit: a letter of git's, `.` for not at all."""
    unstaged: str
    """How the file differs from the index, likewise."""
    change: Change
    oid: bytes
    """Of what the index holds."""


_UNFINISHED = (
    ("rebase-merge", "rebase"),
    ("rebase-apply/applying", "am"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("sequencer", "cherry-pick"),
    ("BISECT_LOG", "bisect"),
)


def unfinished(folder: bytes) -> str | None:
    """Return what was begun and not ended in the repository whose git folder is given."""
    for name, what in _UNFINISHED:
        if os.path.exists(os.path.join(folder, os.fsencode(name))):
            return what
    return None


def ask_status(git: Git, *, untracked: bool) -> list[bytes]:
    """Return the fields of `git status` for the folder `git` works in; raises GitError."""
    out = git.ask(
        "look at the work tree",
        "--literal-pathspecs",
        "status",
        "--porcelain=v2",
        "-z",
        "--branch",
        "--ahead-behind",
        "--no-renames",
        "--ignore-submodules=all",
        "--untracked-files=" + ("all" if untracked else "no"),
        "--",
        ".",
    )
    return out.split(b"\0")[:-1]


def entries(fields: list[bytes]) -> Iterator[Entry]:
    """Yield the files that differ."""
    for field in fields:
        kind = field[:1]
        if kind == b"?":
            yield Entry(field[2:], ".", "?", Change.UNTRACKED, b"")
        elif kind == b"u":
            yield Entry(field.split(b" ", 10)[10], "U", "U", Change.CONFLICTED, b"")
        elif kind == b"1":
            staged, unstaged = chr(field[2]), chr(field[3])
            if unstaged == "D" or (staged == "D" and unstaged == "."):
                change = Change.DELETED
            elif "A" in (staged, unstaged):
                change = Change.ADDED
            else:
                change = Change.MODIFIED
            parts = field.split(b" ", 8)
            yield Entry(parts[8], staged, unstaged, change, parts[7])


def read_status(fields: list[bytes], prefix: bytes, what: str | None) -> Status:
    """Return the status told by `fields`, its paths relative to the folder `prefix` (from the
    top of the work tree, with its final slash)."""
    headers = {}
    for field in fields:
        if field.startswith(b"# "):
            name, _, value = field[2:].partition(b" ")
            headers[name] = value
    branch = headers.get(b"branch.head", b"")
    is_detached = branch == b"(detached)"
    if is_detached:
        branch = headers.get(b"branch.oid", b"")[:8]
    ahead, behind = 0, 0
    if b"branch.ab" in headers:
        plus, minus = headers[b"branch.ab"].split(b" ")
        ahead, behind = int(plus), -int(minus)
    upstream = headers.get(b"branch.upstream")
    return Status(
        branch=_name(branch),
        is_detached=is_detached,
        upstream=None if upstream is None else _name(upstream),
        ahead=ahead,
        behind=behind,
        changes={entry.path[len(prefix) :]: entry.change for entry in entries(fields)},
        unfinished=what,
    )


def _name(name: bytes) -> str:
    return clean(name.decode("utf-8", "replace"))
