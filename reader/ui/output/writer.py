"""The thread that writes to the terminal. It never queues frames: when the line is free again it
asks for the newest one."""

from __future__ import annotations

import errno
import os
import select
import threading
import time
from collections.abc import Callable

from reader.terminal.answers import ASK_CURSOR

from .pace import Pace
from .picture import Picture

_SYNC_BEGIN, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_SYNC_FROM = 512
"""Characters from which on a frame is worth the sixteen of its marks: less comes in one piece."""
_LOOK_AGAIN = 0.5  # seconds until an answer that does not come is looked for again
_MOST_QUEUED = 30  # texts (of the toolkit's own frames) that may wait; then their writer does


class Writer(threading.Thread):
    """Writes texts in their order, and frames of `picture` (where there is one) when there is room.

    `lost` is called, in this thread and once, when the terminal is gone.
    """

    def __init__(self, fileno: int, lost: Callable[[], None], picture: Picture | None) -> None:
        super().__init__(daemon=True, name="reader-output")
        self.changed = threading.Condition()
        """Held while `picture` is changed."""
        self.pace = Pace()
        self.synchronized = False
        """Whether the terminal shows a marked frame at once."""
        self._fileno = fileno
        self._lost = lost
        self._picture = picture
        self._texts: list[str] = []
        self._due = False
        self._stopping = False
        self._writing = False
        self.is_lost = False

    # -- from other threads ---------------------------------------------------------------------
    def write(self, text: str) -> None:
        """Have a text written; it is never dropped."""
        with self.changed:
            while len(self._texts) >= _MOST_QUEUED and self.is_alive() and not self.is_lost:
                self.changed.wait(_LOOK_AGAIN)
            self._texts.append(text)
            self.changed.notify_all()

    def flush(self) -> None:
        """Nothing to do: what is written goes out by itself."""

    def draw(self) -> None:
        """Have the picture brought to the terminal. To be called with `changed` held."""
        self._due = self._picture is not None
        self.changed.notify_all()

    def question_answered(self) -> None:
        """The terminal answered a question that stood behind a frame."""
        with self.changed:
            self.pace.answered(time.monotonic())
            self.changed.notify_all()

    def other_question_answered(self, took: float) -> None:
        """The terminal answered something else, after so many seconds: it does answer."""
        with self.changed:
            self.pace.heard(took)
            self.changed.notify_all()

    def settle(self, timeout: float) -> None:
        """Send no more frames, and wait until all that was sent has arrived, at most so long: an
        answer that came later would be typed into the shell."""
        until = time.monotonic() + timeout
        with self.changed:
            self._due = False
            while self.is_alive() and not self.is_lost and time.monotonic() < until:
                if not (self._texts or self._writing or self.pace.waits):
                    break
                self.changed.wait(0.05)

    def stop(self, timeout: float = 3.0) -> None:
        """Write what is left and end; a line that takes nothing is left to itself."""
        with self.changed:
            self._due = False
            self._stopping = True
            self.changed.notify_all()
        if self.is_alive():
            self.join(timeout)

    # -- the thread -----------------------------------------------------------------------------
    def run(self) -> None:
        while True:
            with self.changed:
                self._writing = False
                self.changed.notify_all()
                data = self._next()
                while not data and not self._stopping:
                    self.changed.wait(_LOOK_AGAIN if self._due else None)
                    data = self._next()
                if not data:
                    return
                self._writing = True
            if not self._send(data.encode("utf-8", "replace")):
                with self.changed:
                    self.is_lost = True
                    self._writing = False
                    self._texts.clear()
                    self.changed.notify_all()
                self._lost()
                return

    def _next(self) -> str:
        """Return what is to be written now; empty: nothing, or no room for it."""
        if self._texts:
            text = "".join(self._texts)
            self._texts.clear()
            return text
        picture = self._picture
        if not self._due or picture is None:
            return ""
        now = time.monotonic()
        room = self.pace.room(now)
        if room == 0:
            return ""
        frame = picture.take(room)
        self._due = not picture.is_shown
        if not frame:
            return ""
        if self.synchronized and len(frame) >= _SYNC_FROM:
            frame = f"{_SYNC_BEGIN}{frame}{_SYNC_END}"
        if self.pace.answers:
            self.pace.sent(len(frame), now)
            frame += ASK_CURSOR
        return frame

    def _send(self, data: bytes) -> bool:
        """Write all of it; whether the terminal is still there."""
        while data:
            try:
                data = data[os.write(self._fileno, data) :]
            except InterruptedError:
                continue
            except BlockingIOError:  # someone who shares the terminal asked for that
                select.select([], [self._fileno], [], 1.0)
            except OSError as error:
                if error.errno == errno.EAGAIN:
                    continue
                return False
        return True
