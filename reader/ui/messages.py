"""What was said so far: the footer has room for one message, and not always for all of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

MOST = 500
"""So many are kept, the latest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message. `times`: how often it was said one time after the other."""

    at: float
    """When it was said last: seconds since 1970."""
    text: str
    times: int = 1


class Messages:
    """The messages of one session."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST)

    def add(self, text: str, at: float) -> None:
        """Keep a message."""
        last = self._entries[-1] if self._entries else None
        if last is not None and last.text == text:
            self._entries[-1] = Entry(at, text, last.times + 1)
        else:
            self._entries.append(Entry(at, text))

    def newest_first(self) -> list[Entry]:
        """Return the messages, the latest first."""
        return list(reversed(self._entries))
