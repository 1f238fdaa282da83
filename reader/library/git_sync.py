"""Fetch, rebase, move the work tree, push: a sync, and its recovery after a kill."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from reader.records.text import clean

from .git_checkout import below, move
from .git_marker import MARKER, Marker
from .git_objects import differences
from .git_program import Answer, CancelledError, Git, GitError, failure
from .git_rebase import Merge, RefusedError, SecondTree

ROUNDS = 5  # pushes tried while others push too

_NETWORK = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60")
_RACE = ("cannot lock ref", "failed to lock", "failed to update ref", "incorrect old value")


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync has done."""

    branch: str
    pulled: int
    """Commits that came from the upstream."""
    pushed: int
    """Commits that went to it."""
    conflicted: tuple[bytes, ...]
    """Files in conflict, relative to the collection (`../` before those outside): when there are
    any, the conflict's rebase was aborted and nothing was pushed."""
    files_changed: tuple[bytes, ...]
    """Files of the collection that the pull changed."""


class NotPushedError(GitError):
    """The pull is done, the push was refused; `synced` says what the pull did."""

    def __init__(self, message: str, synced: Synced):
        super().__init__(message)
        self.synced = synced


@dataclass(frozen=True, slots=True)
class Upstream:
    """What a branch follows."""

    branch: str
    """Of this checkout, safe to show."""
    remote: bytes
    remote_ref: bytes
    """At the remote, as `refs/heads/main`."""
    ref: bytes
    """Here, as `refs/remotes/origin/main`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sync works."""

    git: Git
    """At the top of the work tree."""
    home: bytes
    """The reader's own folder inside the git folder."""
    common: bytes
    """The git folder that all work trees share."""
    prefix: bytes
    """The collection, from the top of the work tree, with a final slash."""


def synchronise(
    place: Place, upstream: Upstream, held: int, merge: Merge, cancelled: Callable[[], bool]
) -> Synced:
    """Pull by rebase and push; see `WorkTree.sync`. The lock `held` must be held."""
    git = place.git
    first = reached = _commit(git, b"HEAD")
    for _ in range(ROUNDS):
        if cancelled():
            raise CancelledError("Cancelled.")
        _fetch(git, upstream, cancelled)
        theirs = _commit(git, upstream.ref)
        old = _commit(git, b"HEAD")
        try:
            if _count(git, old, theirs):
                _pull(place, held, old, theirs, merge, cancelled)
        except RefusedError as error:
            paths = tuple(os.path.relpath(b"/" + path, b"/" + place.prefix) for path in error.paths)
            return _outcome(place, upstream, first, reached, 0, paths)
        reached = theirs
        head = _commit(git, b"HEAD")
        ahead = _count(git, theirs, head)
        if not ahead:
            return _outcome(place, upstream, first, theirs, 0)
        said = _push(git, upstream, head, cancelled)
        if said is None:
            return _outcome(place, upstream, first, theirs, ahead)
        if said:
            outcome = _outcome(place, upstream, first, theirs, 0)
            raise NotPushedError(
                f"The push to {_shown(upstream.remote)} was refused: {said}", outcome
            )
    raise NotPushedError(
        "Others pushed each time before this checkout could. Sync again in a while.",
        _outcome(place, upstream, first, theirs, 0),
    )


def recover(place: Place, held: int) -> str | None:
    """Abort the rebase, or finish the move, that a killed reader left; return what was done, for
    the user, or None when there was nothing. The lock `held` must be held."""
    git = place.git.holding(held)
    tree = SecondTree(git, place.home, place.common)
    marker = Marker(os.path.join(place.home, MARKER))
    old, new = marker.read()
    done = None
    if old and git.run("rev-parse", "--verify", "-q", "HEAD").out.strip() == old:
        try:
            move(git, old, new, place.prefix, marker.answer, is_finishing=True)
            done = "A sync that was cut short while it wrote the pulled changes was finished."
        except RefusedError:
            done = (
                "A sync was cut short while it wrote the pulled changes, and files were changed "
                "since. Nothing is lost: look at `git status`, then sync again."
            )
    if tree.remove() and done is None and not old:
        done = "A sync that was cut short was aborted; nothing of yours was changed by it."
    marker.remove()
    with contextlib.suppress(OSError):
        for name in os.listdir(place.home):
            if name.startswith(b"index-"):
                shutil.rmtree(os.path.join(place.home, name), ignore_errors=True)
    return done


def _pull(
    place: Place,
    held: int,
    old: bytes,
    theirs: bytes,
    merge: Merge,
    cancelled: Callable[[], bool],
) -> None:
    """Rebase what is committed here onto `theirs` and move the work tree there."""
    git = place.git.holding(held)
    tree = SecondTree(git, place.home, place.common)
    try:
        new = theirs
        if _count(git, theirs, old):
            tree.open(old)
            new = tree.rebase(theirs, place.prefix, merge, cancelled)
        if cancelled():
            raise CancelledError("Cancelled.")
        marker = Marker(os.path.join(place.home, MARKER))
        try:
            remembering = marker.remembering(merge)
            move(git, old, new, place.prefix, remembering, lambda: marker.write(old, new))
        finally:
            marker.remove()
    finally:
        tree.remove()  # last: until then it keeps the new commits from git's clean-up


def _fetch(git: Git, upstream: Upstream, cancelled: Callable[[], bool]) -> None:
    answer = git.run(
        *_NETWORK,
        *("fetch", "--quiet", "--no-recurse-submodules", "--", upstream.remote),
        b"+%b:%b" % (upstream.remote_ref, upstream.ref),
        cancelled=cancelled,
    )
    if answer.code:
        error = failure(f"fetch from {_shown(upstream.remote)}", answer)
        raise GitError(f"{error} Check the network and `git remote -v`, then sync again.")


def _push(git: Git, upstream: Upstream, head: bytes, cancelled: Callable[[], bool]) -> str | None:
    """Push; return None when it is there, "" when others were quicker, else why it was refused."""
    answer = git.run(
        *_NETWORK,
        *("push", "--porcelain", "--", upstream.remote, b"%b:%b" % (head, upstream.remote_ref)),
        cancelled=cancelled,
    )
    if answer.code == 0:
        return None
    said = answer.said
    for line in answer.out.decode("utf-8", "replace").splitlines():
        if line.startswith("!"):
            if "[rejected]" in line or any(word in line for word in _RACE):
                return ""
            said = f"{line.rpartition(chr(9))[2]} {said}"
    return str(failure("push", Answer(answer.code, b"", clean(said).strip())))


def _outcome(
    place: Place,
    upstream: Upstream,
    first: bytes,
    theirs: bytes,
    pushed: int,
    conflicted: tuple[bytes, ...] = (),
) -> Synced:
    head = _commit(place.git, b"HEAD")
    changed = [difference.path for difference in differences(place.git, first, head)]
    return Synced(
        branch=upstream.branch,
        pulled=_count(place.git, first, theirs),
        pushed=pushed,
        conflicted=conflicted,
        files_changed=below(changed, place.prefix),
    )


def _commit(git: Git, name: bytes) -> bytes:
    """Return the id of the commit called `name`."""
    return git.line("find a commit", "rev-parse", "--verify", name + b"^{commit}")


def _count(git: Git, since: bytes, until: bytes) -> int:
    """Return how many commits `until` has that `since` has not."""
    return int(git.line("count commits", "rev-list", "--count", until, b"^" + since))


def _shown(name: bytes) -> str:
    return clean(name.decode("utf-8", "replace"))
