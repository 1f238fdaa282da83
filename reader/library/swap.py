"""What Linux offers against a file's other writers, who take no locks: names exchanged at once, and
leases. Elsewhere, and on file systems that know neither, less is noticed."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from functools import cache
from typing import Any

try:
    import fcntl
except ImportError:  # no such thing here
    fcntl = None  # type: ignore[assignment]  # a module elsewhere; asked for before each use

_AT_FDCWD = -100
_EXCHANGE = 2
_NOT_HERE = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM)


@cache
def _renameat2() -> Any:
    if sys.platform != "linux":
        return None
    import ctypes  # here: only an edit needs it

    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):  # an older system library
        return None
    function.argtypes = (
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_uint,
    )
    return function


def exchange(one: bytes, other: bytes) -> bool:
    """Have two files in one folder take each other's name, at once; False: that cannot be done here.

    Raises OSError."""
    function = _renameat2()
    if function is None:
        return False
    if function(_AT_FDCWD, one, _AT_FDCWD, other, _EXCHANGE) == 0:
        return True
    import ctypes

    number = ctypes.get_errno()
    if number in _NOT_HERE:
        return False
    raise OSError(number, os.strerror(number), os.fsdecode(other))


def guard(fd: int) -> bool | None:
    """Have whoever opens this file for writing wait until `fd` is closed, and return True. None:
    somebody has it open for writing now. False: there are no leases here, or not on this file."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        # Whoever waits is told us by a signal, which would end the program if it were SIGIO.
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return None if error.errno == errno.EAGAIN else False
    return True


def is_waited_for(fd: int) -> bool:
    """Return whether somebody waits to open a guarded file for writing."""
    with contextlib.suppress(OSError):
        return fcntl.fcntl(fd, fcntl.F_GETLEASE) != fcntl.F_RDLCK
    return False
