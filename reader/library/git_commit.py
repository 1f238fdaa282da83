"""Committing some files of a work tree, and nothing else."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Sequence

from .git_objects import differences, index_entries, index_lines
from .git_program import Git, GitError


def commit_files(git: Git, folder: bytes, home: bytes, paths: Sequence[bytes], message: str) -> str:
    """Commit the files at `paths`, from the top of the work tree where `git` works, as they are
    on the disk (those that are gone, as deleted); return the new commit's short id, "" when none
    of them differs from the last commit.

    `folder` is the git folder, `home` the reader's own in it. What else is staged stays staged.
    Raises GitError, with everything as it was.
    """
    # `git commit --only` does the same, but takes minutes for tens of thousands of files
    before = index_entries(git, paths)
    head = git.run("rev-parse", "--verify", "-q", "HEAD").out.strip()
    empty = git.ask("begin a commit", "hash-object", "-t", "tree", "--stdin", data=b"").strip()
    names = b"".join(path + b"\0" for path in paths)
    # first the user's own index: killed before the commit, the files are staged, no more
    git.change(
        "stage the files",
        *("update-index", "--add", "--remove", "--replace", "-z", "--stdin"),
        data=names,
    )
    done = ""
    try:
        with tempfile.TemporaryDirectory(prefix=b"index-", dir=home) as made:
            index = os.path.join(made, b"index")
            env = {"GIT_INDEX_FILE": index}
            if head:
                shutil.copyfile(os.path.join(folder, b"index"), index)
                git.ask("begin a commit", "read-tree", "-m", "HEAD", env=env)
            lines = index_lines(index_entries(git, paths), head or empty)
            data = ("update-index", "-z", "--index-info")
            git.ask("begin a commit", *data, data=lines, env=env)
            tree = git.ask("begin a commit", "write-tree", env=env).strip()
            old = git.line("begin a commit", "rev-parse", "HEAD^{tree}") if head else empty
            if tree != old:
                text = os.path.join(made, b"message")
                with open(text, "wb") as file:
                    file.write(message.replace("\0", "").encode("utf-8", "replace"))
                git.ask(
                    "commit",
                    *("-c", "i18n.commitEncoding=UTF-8"),
                    *("commit", "--quiet", "--cleanup=whitespace", b"--file=" + text),
                    env=env,
                )
                done = git.line("find the commit", "rev-parse", "--short", "HEAD").decode("ascii")
                _follow_hooks(git, tree)
    finally:
        if not done:
            with contextlib.suppress(GitError):
                lines = index_lines(before, empty)
                git.change("unstage the files", "update-index", "-z", "--index-info", data=lines)
                git.run("update-index", "-q", "--refresh")
    return done


def _follow_hooks(git: Git, tree: bytes) -> None:
    """Stage what a hook has added to the commit: else it would show as staged the other way."""
    found = differences(git, tree, b"HEAD")
    if found:
        entries = {difference.path: difference.new for difference in found}
        lines = index_lines(entries, tree)
        git.change("stage the files", "update-index", "-z", "--index-info", data=lines)
