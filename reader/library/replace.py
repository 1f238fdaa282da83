"""Putting other bytes in a file's place, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Container
from dataclasses import dataclass

from . import locks, swap
from .files import MAX_FILE, is_inside

LOCK_WAIT = 5.0  # seconds for which another reader's edit of the same file is waited for
WRITER_WAIT = 2.0  # seconds for which a program that writes the file in place is waited for
MARK = b".reader-"
"""What the names of our temporary files begin with: hidden, so no scan takes them for records."""

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY


class CannotWriteError(Exception):
    """The file cannot be written, and nothing has been; the reason is a sentence for the user."""


class ChangedError(Exception):
    """Someone has changed the file since it was read; nothing has been written."""


class BusyError(Exception):
    """The file, perhaps by another of its names, is held by this very batch of edits."""


@dataclass(slots=True)
class Held:
    """A file as it was read, locked against other readers until it is let go."""

    path: bytes
    """Real and whole."""
    data: bytes
    found: os.stat_result
    fd: int
    guarded: bool = False
    """Whether nobody can begin to write it in place unnoticed."""

    @property
    def inode(self) -> tuple[int, int]:
        """What tells the file from any other, whatever its name."""
        return self.found.st_dev, self.found.st_ino

    def let_go(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def hold(root: bytes, path: bytes, ours: Container[tuple[int, int]] = frozenset()) -> Held | None:
    """Lock and read a record's file; None when it is gone. Raises CannotWriteError when it is no
    regular file inside the collection, cannot be read or written, or stays locked; BusyError when
    it is one of `ours` (device and inode), and would stay locked by ourselves."""
    full = os.path.join(root, path)
    real = os.path.realpath(full)  # of a symbolic link, the file it leads to
    if not is_inside(root, real):
        raise CannotWriteError("It lies outside the collection, by way of a symbolic link.")
    for _ in range(100):
        try:
            fd = os.open(real, _FLAGS)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
                return None
            raise CannotWriteError(f"It cannot be read ({error.strerror}).") from None
        try:
            held = _held(real, fd, ours)
        except BaseException:
            os.close(fd)
            raise
        if held is not None:
            return held
        os.close(fd)  # another reader put a new file in its place while we waited
    raise CannotWriteError("It is being replaced all the time; try again.")


def _held(real: bytes, fd: int, ours: Container[tuple[int, int]]) -> Held | None:
    found = os.fstat(fd)
    if (found.st_dev, found.st_ino) in ours:
        raise BusyError
    if not stat.S_ISREG(found.st_mode):
        raise CannotWriteError("It is no regular file.")
    if found.st_size > MAX_FILE:
        raise CannotWriteError(f"It is larger than {MAX_FILE >> 20} MiB.")
    try:
        locks.take(fd, LOCK_WAIT)
    except locks.LockedError:
        raise CannotWriteError("Another reader is writing it; try again.") from None
    try:
        if not os.path.samestat(os.stat(real), found):
            return None
        guarded = _guard(fd)
        found = os.fstat(fd)  # before it is read: what is written meanwhile must show
        parts = []
        while part := os.read(fd, 1 << 20):
            parts.append(part)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotWriteError(f"It cannot be read ({error.strerror}).") from None
    if not os.access(real, os.W_OK):
        raise CannotWriteError("It may not be written (permission denied).")
    return Held(real, b"".join(parts), found, fd, guarded)


def _guard(fd: int) -> bool:
    """Wait until nobody writes the file in place, and have whoever begins to wait for us; return
    whether that could be had. Raises CannotWriteError."""
    deadline = time.monotonic() + WRITER_WAIT
    while (guarded := swap.guard(fd)) is None:
        if time.monotonic() > deadline:
            raise CannotWriteError("Another program has it open for writing; try again.")
        time.sleep(locks.RETRY)
    return guarded


def temporary(held_path: bytes, token: str) -> bytes:
    """Return the temporary file's path for a file: in the same folder, not shown by any scan."""
    return os.path.join(os.path.dirname(held_path), MARK + token.encode() + b".tmp")


def replace(held: Held, data: bytes, temp: bytes) -> None:
    """Put `data` in the held file's place: written beside it as `temp` and synced, with the same
    mode, owner and attributes, then renamed over it. The folder's entry is not synced yet.

    Raises CannotWriteError, ChangedError; the file is then as it was."""
    try:
        fd = os.open(
            temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
    except OSError as error:
        raise _cannot(error, "Its folder cannot be written to") from None
    try:
        try:
            _fill(fd, data, held)
            made = os.fstat(fd)
        finally:
            os.close(fd)
        if not _is_untouched(held, held.path):
            raise ChangedError
        if swap.exchange(temp, held.path):
            _check_swapped(held, temp, made)
            os.unlink(temp)
        else:
            os.replace(temp, held.path)
    except FileNotFoundError:
        _discard(temp)
        raise ChangedError from None
    except OSError as error:
        _discard(temp)
        raise _cannot(error, "It cannot be written") from None
    except BaseException:
        _discard(temp)
        raise


def _is_untouched(held: Held, path: bytes) -> bool:
    """Return whether the file at `path` is the held one, as it was read. The bytes are compared
    too: within one tick of the clock a file changes without a trace in its times."""
    if _fingerprint(os.stat(path, follow_symlinks=False)) != _fingerprint(held.found):
        return False
    return os.pread(held.fd, len(held.data) + 1, 0) == held.data


def _check_swapped(held: Held, temp: bytes, made: os.stat_result) -> None:
    """See that what the new file has displaced (now called `temp`) is what was read; else put it
    back. Raises ChangedError.

    Who renamed a file of theirs over it, or wrote it, after the last look is caught here."""
    if _is_untouched(held, temp) and not (held.guarded and swap.is_waited_for(held.fd)):
        return
    expected = made
    while True:
        put = os.stat(temp, follow_symlinks=False)
        swap.exchange(temp, held.path)
        # What comes back has to be ours: else yet another file of theirs had come, and has to
        # take the place of the older one.
        if os.path.samestat(os.stat(temp, follow_symlinks=False), expected):
            raise ChangedError
        expected = put


def sync_folder(folder: bytes) -> None:
    """Have the entries of a folder on the disk, where the system can do that."""
    with contextlib.suppress(OSError):
        fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def move(source: bytes, target: bytes) -> None:
    """Move a file, never over another one. Raises CannotWriteError; the source is then there."""
    try:
        os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
        try:
            os.link(source, target, follow_symlinks=False)
        except FileExistsError:
            raise CannotWriteError("A file of that name is there already.") from None
        except OSError as error:
            if error.errno not in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
                raise
            _copy(source, target)
        sync_folder(os.path.dirname(target))
        try:
            os.unlink(source)
        except OSError:
            _discard(target)  # else there would be two of it
            raise
        sync_folder(os.path.dirname(source))
    except OSError as error:
        raise _cannot(error, "It cannot be moved") from None


def _copy(source: bytes, target: bytes) -> None:
    import shutil

    with open(source, "rb") as old, open(target, "xb") as new:
        try:
            shutil.copyfileobj(old, new)
            new.flush()
            os.fsync(new.fileno())
        except BaseException:
            _discard(target)
            raise
    shutil.copystat(source, target)


def _fill(fd: int, data: bytes, held: Held) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]
    was = held.found
    made = os.fstat(fd)
    if (made.st_uid, made.st_gid) != (was.st_uid, was.st_gid):
        _give(fd, was)
    _copy_attributes(held.fd, fd)
    os.fchmod(fd, stat.S_IMODE(was.st_mode))
    os.fsync(fd)


def _give(fd: int, was: os.stat_result) -> None:
    """Keep owner and group. Only root can give a file away; where all who could write it still
    can, by its group, that it becomes ours is borne (as with any file that git checks out)."""
    try:
        os.fchown(fd, was.st_uid, was.st_gid)
        return
    except PermissionError:
        pass
    try:
        os.fchown(fd, -1, was.st_gid)
    except PermissionError:
        raise CannotWriteError(
            "It belongs to another user and group, which could not be kept."
        ) from None
    if was.st_uid != os.fstat(fd).st_uid and not was.st_mode & stat.S_IWGRP:
        raise CannotWriteError(
            "It belongs to another user, who could not write it any more: let its group write it."
        )


def _copy_attributes(source: int, target: int) -> None:
    """Copy extended attributes and access lists, as far as the system has and allows them."""
    if not hasattr(os, "listxattr"):
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(source):
            with contextlib.suppress(OSError):
                os.setxattr(target, name, os.getxattr(source, name))


def _fingerprint(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _discard(path: bytes) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def _cannot(error: OSError, what: str) -> CannotWriteError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotWriteError("The disk is full; the file is as it was.")
    return CannotWriteError(f"{what} ({error.strerror or error}).")
