"""Keeping decisions away from files that a sync is about to replace."""

from __future__ import annotations

import contextlib
import os
import resource
import time
from collections.abc import Iterable, Iterator

from . import locks

WAIT = (
    1.0  # seconds for all; less than an edit waits, so that of two in each other's way we give up
)
SHARE = 4  # of the files that a process may have open, one in so many is for locks

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY


@contextlib.contextmanager
def holding(paths: Iterable[bytes]) -> Iterator[None]:
    """Hold the locks that edits take of these files, as far as they are there and there may be so
    many open; of the others an edit sees by itself when it is replaced. Raises LockedError."""
    left = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // SHARE
    deadline = time.monotonic() + WAIT
    with contextlib.ExitStack() as held:
        for path in paths:
            if not left:
                break
            fd = _lock(path, deadline)
            if fd is not None:
                held.callback(os.close, fd)
                left -= 1
        yield


def _lock(path: bytes, deadline: float) -> int | None:
    """Return the number of the open and locked file; None when there is none to lock."""
    while True:
        try:
            fd = os.open(path, _FLAGS)
        except OSError:
            return None
        try:
            locks.take(fd, max(0.0, deadline - time.monotonic()))
            is_current = os.path.samestat(os.fstat(fd), os.stat(path, follow_symlinks=False))
        except FileNotFoundError:
            is_current = False
        except BaseException:
            os.close(fd)
            raise
        if is_current:
            return fd
        os.close(fd)  # an edit put a new file in its place while we waited
        if time.monotonic() > deadline:
            raise locks.LockedError
