"""Text that was pasted into a terminal that does not bracket it decides nothing.

Its characters arrive as keys, many within a moment, on their way to whatever is open by then. So
keys are watched before any screen has them; after many at once the decisions that no file has seen
wait until the screens have had their keys, are looked for, and asked about.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from textual import events

from .burst import Burst
from .keys_in_order import KeysInOrder

SETTLED = 0.03
"""Seconds after which screens have seen the first keys of a burst."""
LOOKS = 3
"""How many times, as long apart, it is looked for decisions."""
LATE = 0.02
"""Seconds by which a look that is later counts for none: the machine is busy, and there may be keys
that the screens have not had yet."""
LONGEST = 2.0
"""Seconds after which it is looked no more, however late the looks were."""


class Pasting:
    """Watches the keys of a program."""

    def __init__(
        self,
        app: KeysInOrder,
        is_typing: Callable[[], bool],
        may_withdraw: Callable[[], bool],
        hold: Callable[[], None],
        release: Callable[[], None],
        withdraw: Callable[[], bool],
    ) -> None:
        self._app = app
        self._is_typing = is_typing
        self._may_withdraw = may_withdraw
        self._hold = hold
        self._release = release
        self._withdraw = withdraw
        self._burst = Burst()
        self._left = 0
        """How many looks are still to come."""
        self._found = False
        """Whether there were decisions among the keys of this burst."""
        self._until = 0.0
        """When the last one is at the latest, on the monotonic clock."""
        self._due = 0.0
        """When the next one is."""

    def saw(self, event: events.Key) -> None:
        """Note a key that has just arrived."""
        if self._is_typing() and not self._may_withdraw():
            # Letters are text, or another screen takes them. Right after a decision they may be of
            # the same text, one of which has opened that.
            self._burst = Burst()
        elif self._burst.saw(event.key, event.time) and not self._left:
            self._hold()
            self._left = LOOKS
            self._found = False
            self._until = time.monotonic() + LONGEST
            self._look_later()

    def _look_later(self) -> None:
        self._due = time.monotonic() + SETTLED
        self._app.set_timer(SETTLED, self._look)

    def _look(self) -> None:
        now = time.monotonic()
        if self._app.are_waiting:  # for a list: no screen has had them
            self._until = now + LONGEST
        elif now >= self._until:
            self._left = 0
        elif now - self._due < LATE:
            self._left -= 1
        self._found = self._withdraw() or self._found
        if not self._found and self._is_typing():
            self._left = 0  # it began with the key that opens the filter line
        if self._left:
            self._look_later()
        else:
            self._release()
