"""Locks between processes on one machine: flock, which the system lets go when one dies."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # no such locks here
    fcntl = None  # type: ignore[assignment]  # a module elsewhere; asked for before each use

RETRY = 0.01  # seconds
_BUSY = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)


class LockedError(Exception):
    """Somebody else has held the lock for all the time one was willing to wait."""


def take(fd: int, wait: float) -> None:
    """Lock an open file until it is closed; raises LockedError after `wait` seconds.

    Where the file system knows no such locks, nothing is locked."""
    if fcntl is None:
        return
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in _BUSY:
                return
        if time.monotonic() > deadline:
            raise LockedError
        time.sleep(RETRY)


@contextlib.contextmanager
def held(path: str, wait: float) -> Iterator[None]:
    """Hold the lock file at `path`, made where needed. Raises LockedError, OSError.

    Who waits holds a second lock file until it is their turn: so whoever takes the lock again and
    again, as for a bulk of edits, comes after those who wait."""
    deadline = time.monotonic() + wait
    with contextlib.ExitStack() as stack:
        with _locked(f"{path}.next", wait):
            stack.enter_context(_locked(path, deadline - time.monotonic()))
        yield


@contextlib.contextmanager
def _locked(path: str, wait: float) -> Iterator[None]:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        take(fd, wait)
        yield
    finally:
        os.close(fd)
