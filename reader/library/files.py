"""Reading one file of a collection, whatever it may have become since it was seen."""

from __future__ import annotations

import errno
import os
import stat

from reader.records.record import Problem

MAX_FILE = 16 << 20  # bytes; a record is a few thousand

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_NOCTTY

_REASONS = {
    errno.EACCES: "Permission denied: this file may not be read. Change its permissions to see it.",
    errno.EPERM: "Permission denied: this file may not be read. Change its permissions to see it.",
    errno.EIO: "The disk reported an error while this file was read.",
    errno.ENAMETOOLONG: "The path of this file is too long to be opened.",
}


def is_inside(root: bytes, path: bytes) -> bool:
    """Return whether `path` is `root` or below it; both as `os.path.realpath` gives them."""
    return path == root or path.startswith(root.rstrip(b"/") + b"/")


def read_file(root: bytes, path: bytes) -> bytes | Problem | None:
    """Return the bytes of the regular file `path` below the real folder `root`; the Problem when
    it cannot be read; None when it is gone, or is not a regular file inside the collection.

    Never waits: a pipe put in a file's place is opened without blocking and turned away.
    """
    full = os.path.join(root, path)
    try:
        try:
            fd = os.open(full, _FLAGS)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            target = os.path.realpath(full)  # a symbolic link: only to a file inside
            if not is_inside(root, target):
                return None
            fd = os.open(target, _FLAGS)
        try:
            found = os.fstat(fd)
            if not stat.S_ISREG(found.st_mode):
                return None
            if found.st_size > MAX_FILE:
                return _too_big(found.st_size)
            return _read(fd, found.st_size)
        finally:
            os.close(fd)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ENODEV):
            return None
        reason = _REASONS.get(error.errno or 0)
        return Problem(reason or f"This file cannot be read: {error.strerror or error}.")


def _read(fd: int, size: int) -> bytes | Problem:
    data = os.read(fd, size + 1)
    if len(data) == size:
        return data
    parts = [data]  # it grew, or the system returned less than asked for
    length = len(data)
    while data and length <= MAX_FILE:
        data = os.read(fd, 1 << 20)
        parts.append(data)
        length += len(data)
    return b"".join(parts) if length <= MAX_FILE else _too_big(length)


def _too_big(size: int) -> Problem:
    return Problem(
        f"This file is {size / (1 << 20):.0f} MiB; a record has at most {MAX_FILE >> 20} MiB. "
        "Move it out of the collection, or name it in `exclude`."
    )
