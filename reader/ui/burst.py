"""Telling text that was pasted from keys that were pressed.

A terminal without bracketed paste sends pasted text as keys: many different ones within a moment
in which nobody presses more than one or two. A key that is held repeats itself, and is none.
"""

from __future__ import annotations

from collections import deque

WITHIN = 0.05  # seconds
MANY = 6  # keys
DIFFERENT = 4  # among them


class Burst:
    """Watches the keys of one screen."""

    def __init__(self) -> None:
        self._keys: deque[tuple[float, str]] = deque(maxlen=MANY)

    def saw(self, key: str, at: float) -> bool:
        """Note a key pressed at a moment (in seconds); return whether it is one of a burst."""
        self._keys.append((at, key))
        if len(self._keys) < MANY or at - self._keys[0][0] > WITHIN:
            return False
        return len({key for _, key in self._keys}) >= DIFFERENT
