"""The git work tree a collection is in: its status, commits of records, and syncs.

git itself does the work, by its own program. Every method may take long and belongs into a thread;
two readers in one work tree exclude each other.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator

from reader.records.text import clean, encodable

from . import git_sync
from .git_commit import commit_files
from .git_marker import locked
from .git_objects import differing_files, read_blobs
from .git_program import CancelledError, Git, GitError, NoGitError, find_program
from .git_rebase import Conflict, Merge
from .git_status import Change, Status, ask_status, read_status, unfinished
from .git_sync import NotPushedError, Place, Synced, Upstream
from .values import never

__all__ = [
    "CancelledError",
    "Change",
    "Conflict",
    "GitError",
    "Merge",
    "NoGitError",
    "NotPushedError",
    "Status",
    "Synced",
    "WorkTree",
]

_BUSY = "Another reader is committing or syncing in this work tree. Try again in a moment."


class WorkTree:
    """The part of a git work tree that is the collection; paths are relative to its root."""

    def __init__(self, root: bytes, folder: bytes, place: Place):
        self.root = root
        self._folder = folder
        self._place = place
        self._here = place.git.at(root)

    @classmethod
    def find(cls, root: bytes, *, can_prompt: bool = False) -> WorkTree:
        """Return the work tree the real folder `root` is in.

        With `can_prompt`, git may ask for passwords at the terminal; else it never touches the
        terminal, not even for Ctrl+C. Raises NoGitError, and GitError when git refuses the
        repository.
        """
        git = Git(find_program(), root, can_prompt)
        answer = git.run("rev-parse", "--is-inside-work-tree")
        if answer.code and "not a git repository" not in answer.said:
            raise GitError(f"git refuses this repository: {answer.said.rstrip('.')}.")
        if answer.out.strip() != b"true":
            name = clean(os.fsdecode(root))
            raise NoGitError(
                f"{name} is not in a git work tree. Type `git init` there to make one."
            )
        options = ("--show-toplevel", "--absolute-git-dir", "--git-common-dir", "--show-prefix")
        aim = "look at the repository"
        lines = git.line(aim, "rev-parse", *options).split(b"\n")
        if len(lines) != len(options):  # a folder's name has a line break
            lines = [git.line(aim, "rev-parse", option) for option in options]
        top, folder, common, prefix = lines
        folder = os.path.realpath(folder)
        common = os.path.realpath(os.path.join(root, common))
        place = Place(git.at(top), os.path.join(folder, b"reader"), common, prefix)
        return cls(root, folder, place)

    def status(self) -> Status:
        """Return the branch and what differs from the last commit, in the collection."""
        fields = ask_status(self._here, untracked=True)
        return read_status(fields, self._place.prefix, unfinished(self._folder))

    def committed(self, paths: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the bytes that the last commit has of these files, of those that differ from it.
        Raises GitError."""
        git, prefix = self._place.git, self._place.prefix
        if not git.run("rev-parse", "--verify", "-q", "HEAD").out:
            return {}  # there is no commit yet
        wanted = {prefix + path: path for path in paths}
        oids = {
            wanted[each.path]: each.old.oid
            for each in differing_files(git)
            if each.path in wanted and each.old is not None and each.old.is_file
        }
        blobs = read_blobs(git, oids.values())
        return {path: blobs[oid] for path, oid in oids.items()}

    def commit(self, paths: Iterable[bytes], message: str) -> str | None:
        """Commit exactly these files as they are on the disk, new and deleted ones too; return
        the new commit's short id, or None when none of them differs from the last commit.

        What the user has staged of other files stays staged and uncommitted. Ignored files are
        left out. Raises GitError, with everything as it was, when a hook or git refuses, when
        something is unfinished, or when one of the files is in conflict.
        """
        with self._alone() as held:
            status = self.status()
            self._refuse_unfinished(status, "commit")
            wanted = sorted(status.changes.keys() & set(paths))
            conflicted = [path for path in wanted if status.changes[path] is Change.CONFLICTED]
            if conflicted:
                raise _conflicted(len(conflicted), "commit")
            if not wanted:
                return None
            place = self._place
            names = [place.prefix + path for path in wanted]
            git = place.git.holding(held)
            done = commit_files(git, self._folder, place.home, names, encodable(message))
            return done or None

    def sync(self, merge: Merge, *, cancelled: Callable[[], bool] = never) -> Synced:
        """Fetch, rebase what is committed onto the upstream, push it; tried again when others
        push meanwhile.

        `merge` is asked for each file that both sides changed so that git cannot merge them;
        uncommitted changes of files the upstream changed are merged likewise, and stay
        uncommitted. With None for an answer nothing is changed (but for what an earlier round
        of this sync has pulled), and the result names the files. Files the upstream did not
        change are never touched, and no file ever holds git's conflict markers.

        Raises GitError for everything else that fails, before the work tree is changed or with
        it as it was; NotPushedError when only the push failed; CancelledError. What `merge`
        raises passes through.
        """
        with self._alone() as held:
            status = self.status()
            self._refuse_unfinished(status, "sync")
            upstream = self._upstream(status)
            return git_sync.synchronise(self._place, upstream, held, merge, cancelled)

    def recover(self) -> str | None:
        """Bring a sync that was killed to an end, and return what to tell the user; None when
        there was none. To be called when the collection is opened: cheap when there is nothing.

        Never touches what the user has begun. Raises GitError when another git is in the way.
        """
        if not os.path.isdir(self._place.home):
            return None
        with locked(self._place.home) as held:
            return None if held is None else git_sync.recover(self._place, held)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[int]:
        with locked(self._place.home) as held:
            if held is None:
                raise GitError(_BUSY)
            git_sync.recover(self._place, held)
            yield held

    def _refuse_unfinished(self, status: Status, aim: str) -> None:
        what = status.unfinished
        if what is not None:
            ways = "`git bisect reset`" if what == "bisect" else f"`git {what} --continue`"
            if what != "bisect":
                ways += f" or `git {what} --abort`"
            raise GitError(f"A git {what} is under way here. End it with {ways}, then {aim} again.")

    def _upstream(self, status: Status) -> Upstream:
        git = self._place.git
        if status.is_detached:
            raise GitError(
                "No branch is checked out. Type `git switch BRANCH` in the work tree, then sync "
                "again."
            )
        if not git.run("rev-parse", "--verify", "-q", "HEAD").out:
            raise GitError(
                f"The branch {status.branch} has no commit yet. Commit, then sync again."
            )
        conflicted = sum(change is Change.CONFLICTED for change in status.changes.values())
        if conflicted:
            raise _conflicted(conflicted, "sync")
        name = git.line("find the branch", "symbolic-ref", "HEAD")
        form = "%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)%00%(refname)"
        found = git.line("find the upstream", "for-each-ref", "--format=" + form, name)
        for line in found.split(b"\n"):  # refs below a branch's own name are listed too
            remote, remote_ref, ref, refname = line.split(b"\0")
            if refname == name and remote and remote != b"." and remote_ref and ref:
                return Upstream(status.branch, remote, remote_ref, ref)
        remotes = git.line("find a remote", "remote").split(b"\n")
        add = "" if remotes[0] else "`git remote add origin ADDRESS`, then "
        remote_name = clean(remotes[0].decode("utf-8", "replace")) or "origin"
        raise GitError(
            f"The branch {status.branch} follows no branch of a remote. Type {add}"
            f"`git push -u {remote_name} {status.branch}` in the work tree, then sync again."
        )


def _conflicted(number: int, aim: str) -> GitError:
    files = "1 file is" if number == 1 else f"{number} files are"
    return GitError(f"{files} in conflict. Resolve and `git add` them, then {aim} again.")
