"""Text that was pasted into a terminal that does not bracket it decides nothing.

Its characters arrive as keys, many within a moment, on their way to whatever is open by then. So
keys are watched before any screen has them; after many at once the decisions that no file has seen
wait a little longer, are looked for when the screens have had their keys, and asked about.
"""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import App

from .burst import Burst

SETTLED = 0.03
"""Seconds after which screens have seen the first keys of a burst."""
LOOKS = 3
"""How many times, as long apart, it is looked for decisions."""


class Pasting:
    """Watches the keys of a program."""

    def __init__(
        self,
        app: App[None],
        is_typing: Callable[[], bool],
        hold: Callable[[], None],
        withdraw: Callable[[], bool],
    ) -> None:
        self._app = app
        self._is_typing = is_typing
        self._hold = hold
        self._withdraw = withdraw
        self._burst = Burst()
        self._left = 0
        """How many looks are still to come."""

    def saw(self, event: events.Key) -> None:
        """Note a key that has just arrived."""
        if self._is_typing():  # where letters are text, or another screen takes them
            self._burst = Burst()
        elif self._burst.saw(event.key, event.time) and not self._left:
            self._hold()
            self._left = LOOKS
            self._app.set_timer(SETTLED, self._look)

    def _look(self) -> None:
        self._left -= 1
        found = self._withdraw()
        if not found and self._is_typing():  # it began with the key that opens the filter line
            self._left = 0
        if self._left:
            self._app.set_timer(SETTLED, self._look)
