"""Text that was pasted into a terminal that does not bracket it decides nothing.

Its characters arrive as keys, many within a moment, on their way to whatever is open by then. So
they are looked at before any screen has them: what follows the first few is held for a moment; if
there are decisions among those, they are withdrawn and asked about, and what was held is dropped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App

from .burst import Burst

HELD = 0.03
"""Seconds for which keys of a burst are held: screens have seen the first ones by then."""
LOOKS = 2
"""How many more times, as long apart, it is looked for decisions that came late."""


class Pasting:
    """Watches the keys of a program."""

    def __init__(
        self,
        app: App[None],
        is_typing: Callable[[], bool],
        hold: Callable[[], None],
        withdraw: Callable[[], bool],
        pass_on: Callable[[events.Event], Awaitable[None]],
    ) -> None:
        self._app = app
        self._is_typing = is_typing
        self._hold = hold
        self._withdraw = withdraw
        self._pass_on = pass_on
        self._burst = Burst()
        self._held: list[events.Key] | None = None

    def holds(self, event: events.Key) -> bool:
        """Note a key that has just arrived; return whether it is held back for now."""
        if self._held is not None:
            self._held.append(event)
            return True
        if self._is_typing():  # where letters are text, or another screen takes them
            self._burst = Burst()
            return False
        if not self._burst.saw(event.key, event.time):
            return False
        self._held = [event]
        self._hold()
        self._app.set_timer(HELD, self._look)
        return True

    async def _look(self) -> None:
        held, self._held = self._held or [], None
        if self._withdraw():
            return
        for event in held:  # at once, before those that have arrived since
            await self._pass_on(event)
        for turn in range(1, LOOKS + 1):
            self._app.set_timer(turn * HELD, self._look_again)

    def _look_again(self) -> None:
        if not self._is_typing():
            self._withdraw()
