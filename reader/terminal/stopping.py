"""Ctrl+C as a wish to stop, heard where stopping does no harm."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def stoppable(*, once: bool = False) -> Iterator[threading.Event]:
    """While this lasts Ctrl+C sets the event, and breaks nothing off in the middle; with `once` a
    second one does, as anywhere else."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        if once and stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)
