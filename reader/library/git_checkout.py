"""Moving the work tree from one commit to another, keeping what is not committed.

Only files that differ between the commits are touched. Where such a file was changed here and not
committed, both changes are merged first; where that cannot be, nothing is moved.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from .files import MAX_FILE
from .git_locks import holding
from .git_objects import (
    Blob,
    Difference,
    differences,
    index_entries,
    index_lines,
    read_blobs,
    write_blob,
)
from .git_program import Git, GitError, shown
from .git_rebase import Conflict, Merge, RefusedError
from .git_status import Entry, ask_status, entries
from .locks import LockedError

TRIES = 4  # a crawler may change a file between the look at it and the move


@dataclass(frozen=True, slots=True)
class Writing:
    """A file that is to change in the work tree before the move; None where there is none."""

    path: bytes
    before: bytes | None
    after: bytes


@dataclass(slots=True)
class Plan:
    """What comes before the move."""

    index: dict[bytes, Blob | None] = field(default_factory=dict)
    """What the index must hold so that git leaves a file as it is."""
    writings: list[Writing] = field(default_factory=list)
    replaced: list[bytes] = field(default_factory=list)
    """Files that are as in the old commit, which git itself will replace."""


class _ChangedError(Exception):
    """Something was changed by others since the plan was made."""


def move(
    git: Git,
    old: bytes,
    new: bytes,
    prefix: bytes,
    merge: Merge,
    begin: Callable[[], None] = lambda: None,
    *,
    is_finishing: bool = False,
) -> None:
    """Make the work tree, the index and the branch, which are at the commit `old`, be at `new`.

    `git` works at the top of the work tree; `merge` is asked, for plain files below `prefix`,
    where a change that is not committed meets one of `new`. `begin` is called when all is
    answered and before anything is changed. `is_finishing`: an earlier move may have been cut
    short in the middle of a file. Raises RefusedError and GitError, both with everything as it
    was.
    """
    for _ in range(TRIES):
        plan = _plan(git, old, new, prefix, merge, is_finishing)
        begin()
        try:
            _carry_out(git, plan, old, new)
            return
        except _ChangedError as error:
            last = error
    raise GitError(
        f"The pulled changes could not be written into the work tree: {last} It is as it was; "
        "see that nothing else writes there, then sync again."
    )


def _plan(
    git: Git, old: bytes, new: bytes, prefix: bytes, merge: Merge, is_finishing: bool
) -> Plan:
    here = {entry.path: entry for entry in entries(ask_status(git, untracked=False))}
    met: list[Difference] = []
    staged: list[bytes] = []
    plan = Plan()
    for difference in differences(git, old, new):
        entry = here.get(difference.path)
        if entry is None:
            full = os.path.join(git.folder, difference.path)
            if difference.old is not None:
                plan.replaced.append(full)
            elif os.path.lexists(full):
                met.append(difference)  # git does not track it here
        elif entry.staged == ".":
            met.append(difference)
        elif _holds(entry, difference.new):
            plan.index[difference.path] = difference.new
        else:
            staged.append(difference.path)
    if staged:
        raise _staged(staged, prefix)
    sides = [blob for d in met for blob in (d.old, d.new) if blob is not None and blob.is_file]
    blobs = read_blobs(git, [blob.oid for blob in sides])
    refused = []
    for difference in met:
        plan.index[difference.path] = difference.new
        try:
            writing = _meet(git, difference, blobs, prefix, merge, is_finishing)
        except RefusedError as error:
            refused += error.paths
        else:
            if writing is not None:
                plan.writings.append(writing)
    if refused:
        raise RefusedError(refused)
    return plan


def _holds(entry: Entry, blob: Blob | None) -> bool:
    return entry.staged == "D" if blob is None else entry.oid == blob.oid


def _staged(paths: list[bytes], prefix: bytes) -> GitError:
    inside = [os.path.relpath(b"/" + path, b"/" + prefix) for path in paths]
    return GitError(
        f"Staged here and changed upstream: {shown(inside)}. "
        "Commit them, or unstage them with `git restore --staged`, then sync again."
    )


def _meet(
    git: Git,
    difference: Difference,
    blobs: dict[bytes, bytes],
    prefix: bytes,
    merge: Merge,
    is_finishing: bool,
) -> Writing | None:
    """Return what to write where a change of the work tree meets one of the commits; None when
    the file can stay. Raises Refused."""
    path = difference.path
    refused = RefusedError([path])
    if any(side is not None and not side.is_file for side in (difference.old, difference.new)):
        raise refused
    base = None if difference.old is None else blobs[difference.old.oid]
    theirs = None if difference.new is None else blobs[difference.new.oid]
    try:
        before = _read(os.path.join(git.folder, path))
    except OSError:
        raise refused from None
    ours = None
    if before is not None:
        by = b"--path=" + path  # line endings and the like become what git stores
        oid = git.ask("read a file", "hash-object", "-w", by, "--stdin", data=before).strip()
        ours = read_blobs(git, [oid])[oid]
    if ours == theirs:
        return None
    merged: bytes | None
    if is_finishing and ours is not None and theirs is not None and theirs.startswith(ours):
        merged = theirs
    else:
        merged = None
        if base is not None and ours is not None and theirs is not None:
            merged = merged_lines(git, base, ours, theirs)
        if merged is None and path.startswith(prefix):
            merged = merge(Conflict(path[len(prefix) :], base, ours, theirs))
        if merged is None:
            raise refused
    if merged == ours:
        return None
    oid = write_blob(git, merged)
    after = git.ask("write a file", "cat-file", "--filters", b"--path=" + path, oid)
    return Writing(path, before, after)


def merged_lines(git: Git, base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Return both changes as git merges lines, or None when they meet."""
    with tempfile.TemporaryDirectory(prefix="reader-") as folder:
        names = []
        for name, data in (("ours", ours), ("base", base), ("theirs", theirs)):
            names.append(os.path.join(folder, name))
            with open(names[-1], "wb") as file:
                file.write(data)
        answer = git.run("merge-file", "-p", *names)
    return answer.out if answer.code == 0 else None


def _carry_out(git: Git, plan: Plan, old: bytes, new: bytes) -> None:
    index = index_entries(git, plan.index)
    written: list[Writing] = []
    is_begun = is_moved = False
    since = old
    try:
        for writing in plan.writings:
            _write(git, writing.path, writing.before, writing.after)
            written.append(writing)
        _set_index(git, plan.index, new)
        since = _without(git, old, [path for path, blob in plan.index.items() if blob is None])
        with _holding(plan.replaced):
            # git takes a file touched since for a changed one
            git.run("update-index", "-q", "--refresh")
            is_begun = True
            try:
                git.change("write the pulled changes", "read-tree", "-m", "-u", since, new)
            except GitError as error:
                raise _ChangedError(str(error)) from error
        is_moved = True
        why = b"reader sync: moving to " + new
        git.change("move the branch", "update-ref", "-m", why, "HEAD", new, old)
    except BaseException:
        with contextlib.suppress(GitError):
            _set_index(git, index, old)
            if is_moved:
                git.change("go back", "read-tree", "-m", "-u", new, since)
            elif is_begun:
                _put_back(git, plan, old, new)
        for writing in written:
            with contextlib.suppress(GitError, _ChangedError):
                _write(git, writing.path, writing.after, writing.before)
        raise


def _without(git: Git, commit: bytes, paths: list[bytes]) -> bytes:
    """Return the tree of `commit` without `paths`: a file removed upstream and kept here, which
    git would neither remove nor leave."""
    if not paths:
        return commit
    with tempfile.TemporaryDirectory(prefix="reader-") as folder:
        env = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        git.ask("read a commit", "read-tree", commit, env=env)
        lines = index_lines(dict.fromkeys(paths), commit)
        git.ask("change a tree", "update-index", "-z", "--index-info", data=lines, env=env)
        return git.ask("change a tree", "write-tree", env=env).strip()


def _put_back(git: Git, plan: Plan, old: bytes, new: bytes) -> None:
    """Put back the files that git wrote before it failed; the index is still at `old`."""
    removed = {e.path for e in entries(ask_status(git, untracked=False)) if e.unstaged == "D"}
    lost = []
    for difference in differences(git, old, new):
        if difference.path in plan.index:
            continue
        full = os.path.join(git.folder, difference.path)
        with contextlib.suppress(OSError, GitError):
            if difference.new is None:
                is_written = difference.path in removed
            else:
                arguments = (b"--path=" + difference.path, b"--stdin")
                data = _read(full)
                is_written = data is not None and (
                    git.ask("read a file", "hash-object", *arguments, data=data).strip()
                    == difference.new.oid
                )
                is_written |= data is None and difference.path in removed
            if is_written and difference.old is None:
                os.unlink(full)
            elif is_written:
                lost.append(difference.path)
    names = b"".join(path + b"\0" for path in lost)
    git.ask("put files back", "checkout-index", "-f", "-q", "-z", "--stdin", data=names)


def _set_index(git: Git, index: dict[bytes, Blob | None], commit: bytes) -> None:
    if index:
        lines = index_lines(index, commit)
        git.change("change the index", "update-index", "-z", "--index-info", data=lines)


def _read(path: bytes) -> bytes | None:
    """Return the bytes of a plain file; None when there is nothing. Raises OSError for what is
    no plain file, too big for a record, or behind a symbolic link."""
    folder = os.path.dirname(path)
    if os.path.realpath(folder) != folder:
        raise OSError("behind a symbolic link")
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    with open(fd, "rb") as file:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_FILE:
            raise OSError("not a plain file of a record's size")
        return file.read()


def _write(git: Git, path: bytes, before: bytes | None, after: bytes | None) -> None:
    """Replace the file as a whole, if it is still `before`. Raises _Changed."""
    full = os.path.join(git.folder, path)
    try:
        with _holding([full]):
            if _read(full) != before:
                raise _ChangedError("a file was changed just now.")
            if after is None:
                os.unlink(full)
            else:
                _replace(full, after, is_new=before is None)
    except OSError as error:
        raise GitError(
            f"A file with pulled changes cannot be written: {error.strerror or error}. "
            "Nothing was changed."
        ) from error


def _replace(full: bytes, data: bytes, *, is_new: bool) -> None:
    folder = os.path.dirname(full)
    os.makedirs(folder, exist_ok=True)
    mode = stat.S_IMODE(os.stat(folder if is_new else full).st_mode)
    fd, temporary = tempfile.mkstemp(prefix=b".reader-", dir=folder)
    try:
        with open(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(fd, mode & 0o666 if is_new else mode)
            os.fsync(fd)
        os.replace(temporary, full)
    except BaseException:
        os.unlink(temporary)
        raise


@contextlib.contextmanager
def _holding(paths: Iterable[bytes]) -> Iterator[None]:
    """Let no edit of the reader's begin, or be under way, on these files. Raises _Changed."""
    try:
        with holding(paths):
            yield
    except LockedError:
        raise _ChangedError("a reader was editing a file just now.") from None


def below(paths: Iterable[bytes], prefix: bytes) -> tuple[bytes, ...]:
    """Return those of `paths` that are below `prefix`, relative to it."""
    return tuple(path[len(prefix) :] for path in paths if path.startswith(prefix))
