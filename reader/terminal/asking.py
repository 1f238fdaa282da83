"""Asking the terminal directly, outside the interface: it is in raw mode meanwhile, nothing is left
unread, and a terminal that says nothing is given up."""

from __future__ import annotations

import os
import select
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from .answers import ASK_ATTRIBUTES, ASK_CURSOR, Answers

NEAR = 0.1
"""Seconds that a terminal on this machine is waited for."""
FAR = 1.0
"""Seconds that one at the end of a line is waited for."""


class Conversation:
    """A terminal that is asked. Texts are written as they are."""

    def __init__(self, reading: int, writing: int, patience: float) -> None:
        self._reading = reading
        self._writing = writing
        self._patience = patience

    def write(self, text: str) -> None:
        """Write a text, whole."""
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(self._writing, data) :]

    def ask(self, *questions: str) -> Answers:
        """Return what is answered; the question that every terminal answers ends the wait."""
        answers = Answers()
        self.write("".join(questions) + ASK_ATTRIBUTES)
        until = time.monotonic() + self._patience
        while answers.attributes is None and (left := until - time.monotonic()) > 0:
            answers.feed(self._read(left))
        return answers

    def width(self, text: str) -> int | None:
        """Return how many columns the cursor moves for a text; None: it is not told."""
        self.write("\r" + text + ASK_CURSOR)
        answers = Answers()
        until = time.monotonic() + self._patience
        while not answers.places and (left := until - time.monotonic()) > 0:
            answers.feed(self._read(left))
        self.write("\r\x1b[K")
        return answers.places[0][1] - 1 if answers.places else None

    def key(self, timeout: float) -> str:
        """Return what a key sends, or nothing."""
        data = self._read(timeout)
        while data and (more := self._read(0.03)):
            data += more
        return data

    def _read(self, timeout: float) -> str:
        ready, _, _ = select.select([self._reading], [], [], max(0.0, timeout))
        if not ready:
            return ""
        return os.read(self._reading, 4096).decode("utf-8", "replace")


@contextmanager
def conversation(reading: int, writing: int, *, far: bool) -> Iterator[Conversation]:
    """Ask the terminal that `reading` and `writing` are of. Raises OSError or termios.error."""
    before = termios.tcgetattr(reading)
    try:
        tty.setcbreak(reading, termios.TCSANOW)
        yield Conversation(reading, writing, FAR if far else NEAR)
    finally:
        # What comes late would be typed into the shell: it is thrown away with the rest.
        termios.tcsetattr(reading, termios.TCSAFLUSH, before)
