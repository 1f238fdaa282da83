"""What the terminal says of itself, and what a program that was killed has left of it."""

from __future__ import annotations

import os
import termios
from collections.abc import MutableMapping
from contextlib import suppress
from typing import TextIO

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


def trust_size(stream: TextIO | None, environ: MutableMapping[str, str] = os.environ) -> None:
    """Forget COLUMNS and LINES where the terminal tells its size: no new size ever changes them."""
    if stream is None:
        return
    with suppress(OSError, ValueError):
        if all(os.get_terminal_size(stream.fileno())):
            environ.pop("COLUMNS", None)
            environ.pop("LINES", None)
