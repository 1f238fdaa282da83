"""Doing something as one who may not read and write whatever there is."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable

import pytest

needs_permissions = pytest.mark.skipif(
    sys.platform != "linux" and os.getuid() == 0, reason="root may read and write anything"
)

_VERSION = 0x20080522
_OVERRIDE = 1 << 1 | 1 << 2
"""What lets root write, and read and search, where it may not (CAP_DAC_OVERRIDE, _READ_SEARCH)."""


def unprivileged(act: Callable[[], None]) -> None:
    """Run `act` in a thread that files' permissions hold for, root's too."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            if os.getuid() == 0:
                _renounce()
            act()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def _renounce() -> None:
    """Take from this thread, and from those it starts, what root may beyond permissions."""
    header, sets = (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None)
    assert libc.capget(header, sets) == 0
    sets[0] &= ~_OVERRIDE
    sets[1] &= ~_OVERRIDE
    assert libc.capset(header, sets) == 0
