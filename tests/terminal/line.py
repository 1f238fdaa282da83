"""A slow and distant line between a program and its terminal: so many bytes a second, each so much
later. What the line has not taken waits in the pseudo-terminal, as it would in ssh."""

from __future__ import annotations

import os
import select
import time
from collections import deque
from typing import Any

from tests.terminal.terminal import Terminal

_PIECE = 32  # bytes that the line takes at once


class DistantTerminal(Terminal):
    """A terminal at the end of a line of `rate` bytes a second and `delay` seconds each way."""

    def __init__(self, *arguments: Any, rate: float, delay: float = 0.0, **options: Any) -> None:
        self._rate = rate
        self._delay = delay
        self._free_at = 0.0
        self._coming: deque[tuple[float, bytes]] = deque()
        self._going: deque[tuple[float, bytes]] = deque()
        super().__init__(*arguments, **options)

    def send(self, data: bytes) -> None:
        self._going.append((time.perf_counter() + self._delay, data))

    def pump(self, timeout: float) -> None:
        until = time.perf_counter() + timeout
        while True:
            moved = self._move()
            if self._unparsed:
                self._parse()
                return
            now = time.perf_counter()
            if now >= until or self._silent:
                return
            if not moved:
                time.sleep(min(0.002, max(0.0, until - now)))

    @property
    def _silent(self) -> bool:
        return super()._silent and not self._coming

    def _move(self) -> bool:
        now = time.perf_counter()
        moved = False
        while self._going and self._going[0][0] <= now:
            super().send(self._going.popleft()[1])
            moved = True
        while self._coming and self._coming[0][0] <= now:
            at, data = self._coming.popleft()
            self._take(data, at)
            moved = True
        while self._free_at <= now and not self._ended and self._is_readable():
            try:
                data = os.read(self._fd, _PIECE)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                self._ended = True
                break
            # A line that was busy until just now goes on without a pause.
            begun = self._free_at if now - self._free_at < 0.02 else now
            self._free_at = begun + len(data) / self._rate
            self._coming.append((self._free_at + self._delay, data))
            moved = True
        return moved

    def _is_readable(self) -> bool:
        return bool(select.select([self._fd], [], [], 0)[0])
