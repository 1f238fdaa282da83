"""How much a line can take: measured by a question behind each frame, whose answer says that all
before it has arrived. What lies between us and the terminal (a pseudo-terminal, ssh, the network)
would take whole seconds of frames without complaint, and the keys would lag behind them."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

FIRST_ROOM = 8192
LEAST_ROOM = 256
NO_LIMIT = 1 << 16
_SHORT = 0.1  # seconds in a queue up to which the line could take more
_WANTED = 0.2  # seconds in a queue that are aimed at where it could not
_GIVE_UP = 5.0  # seconds without an answer after which no more is waited for it
_MUTE = 1.0  # seconds after which a terminal that never answered is taken for one that does not


class _Sent(NamedTuple):
    """A frame under way: its characters, when it was sent, and what had arrived by then, when."""

    size: int
    at: float
    arrived: int
    arrived_at: float


class Pace:
    """How many characters may be under way. Times are of a monotonic clock, in seconds."""

    def __init__(self) -> None:
        self.answers = True
        """Whether the terminal is thought to answer."""
        self.room_in_all = FIRST_ROOM
        self._least: float | None = None
        self._asked: deque[_Sent] = deque()
        self._under_way = 0
        self._arrived = 0
        self._arrived_at = 0.0

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self.answers and bool(self._asked)

    @property
    def is_slow(self) -> bool:
        """Whether a screenful takes seconds."""
        return self.answers and self.room_in_all < FIRST_ROOM // 4

    def heard(self, took: float) -> None:
        """Another question, of before the first frame, was answered after so many seconds."""
        self._least = took if self._least is None else min(self._least, took)

    def sent(self, size: int, now: float) -> None:
        """So many characters were sent, with a question behind them."""
        if not self._asked:
            self._arrived_at = now  # nothing was under way: the line begins to work now
        self._asked.append(_Sent(size, now, self._arrived, self._arrived_at))
        self._under_way += size

    def answered(self, now: float) -> None:
        """The oldest question was answered."""
        if not self._asked:
            return
        sent = self._asked.popleft()
        self._under_way -= sent.size
        self._arrived += sent.size
        self._arrived_at = now
        took = now - sent.at
        self._least = took if self._least is None else min(self._least, took)
        if took - self._least <= _SHORT:
            self.room_in_all = min(self.room_in_all + sent.size, NO_LIMIT)
        else:
            # What was sent into an idle line was not yet there for as long as the way takes.
            way = self._least if sent.arrived_at == sent.at else 0.0
            rate = (self._arrived - sent.arrived) / max(1e-3, now - sent.arrived_at - way)
            self.room_in_all = max(LEAST_ROOM, int(rate * (self._least + _WANTED)))

    def room(self, now: float) -> int | None:
        """Return how much may be sent now; 0: wait for an answer; None: all there is."""
        if not self.answers:
            return None
        patience = _MUTE if self._least is None else _GIVE_UP
        if self._asked and now - max(self._asked[0].at, self._arrived_at) > patience:
            self.answers = self._least is not None
            self._asked.clear()
            self._under_way = 0
            return None if not self.answers else LEAST_ROOM
        if self.room_in_all >= NO_LIMIT:
            return None
        return max(0, self.room_in_all - self._under_way)
