"""How the terminal takes keys, what it says of its size, and what a killed program has left of it."""

from __future__ import annotations

import os
import termios
from contextlib import suppress
from typing import Any, TextIO

Attributes = list[Any]
"""As `termios` has them."""
ENTER = "\x1b[?1049h"
"""To the terminal's second screen."""
LEAVE = "\x1b[m\x1b[2J\x1b[H\x1b[?1049l\x1b[?25h"
"""Back to the first, and from nothing at all where there is no second one."""
LEFT_RAW = "reader: a killed program had left this terminal raw: type reset, then press Ctrl+J."


def is_raw(stream: TextIO | None) -> bool:
    """Return whether a terminal takes and shows everything as it comes: no shell has it so."""
    if stream is None:
        return False
    try:
        local = termios.tcgetattr(stream.fileno())[3]
    except (OSError, ValueError, termios.error):
        return False
    return not local & (termios.ICANON | termios.ECHO | termios.ISIG)


def is_in_front(stream: TextIO) -> bool:
    """Return whether the terminal is this program's to use, and no job before it has it."""
    try:
        return os.tcgetpgrp(stream.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def take_keys(fileno: int) -> Attributes | None:
    """Have each key kept as it is, unseen, until it is read, as the interface has it, but for Ctrl+C,
    which interrupts; return how the terminal took them before, None where it is none."""
    try:
        before = termios.tcgetattr(fileno)
        changed = termios.tcgetattr(fileno)
        changed[0] &= ~(
            termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
        )
        changed[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        for key in (termios.VSUSP, termios.VQUIT):
            changed[6][key] = os.fpathconf(fileno, "PC_VDISABLE").to_bytes()
        changed[6][termios.VMIN], changed[6][termios.VTIME] = 1, 0
        termios.tcsetattr(fileno, termios.TCSANOW, changed)
    except (OSError, ValueError, termios.error):
        return None
    return before


def give_keys_back(fileno: int, before: Attributes) -> None:
    """Have the terminal take keys as it did before."""
    with suppress(OSError, termios.error):
        termios.tcsetattr(fileno, termios.TCSANOW, before)


def trust_size(stream: TextIO | None) -> None:
    """Forget COLUMNS and LINES where the terminal tells its size: no new size ever changes them."""
    if stream is None:
        return
    with suppress(OSError, ValueError):
        if all(os.get_terminal_size(stream.fileno())):
            os.environ.pop("COLUMNS", None)
            os.environ.pop("LINES", None)
