"""What keys do waits for the list that it is about.

A query is looked up while keys are answered. Whoever keeps a filter, chooses a view or an order and at
once presses a key means a record of what is asked for, not one of what is still listed. So a command
that is about the list waits until that is there, and every later key with it; not for ever. So it does for
the first records of a collection that is being read for the first time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from .commands import BY_ID
from .keymap import MACRO, SEQUENCE
from .waiting import Waiting

if TYPE_CHECKING:
    from .screens.desk import Desk

_ANYTIME = frozenset(
    (
        "filter", "filter.clear", "views", "view.open", "queue", "select.and", "explain", "back",
        "undo", "redo", "history", "git.commit", "git.sync", "redraw", "suspend", "links", "theme",
        "messages", "rescan", "palette", "help", "leave", "quit", MACRO, SEQUENCE,
    )
)  # fmt: skip
"""Commands that are not about what is listed; of a macro each step is asked about by itself."""
_IN_A_PANE = ("open", "mark.toggle")
"""Commands that are about the sidebar's line, like moves, where the sidebar has the focus."""


class Awaiting:
    """The commands that wait at one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._commands: deque[tuple[str, Callable[[], None]]] = deque()
        """Those that wait, and what does each."""
        self._waiting = Waiting(desk, self._give_up)

    @property
    def is_waiting(self) -> bool:
        """Whether a command waits, and with it every key that came after it."""
        return bool(self._commands)

    def takes(self, command_id: str, run: Callable[[], None]) -> bool:
        """Whether a command has to wait: then `run` is called when its list is there."""
        if not self._is_about_list(command_id):
            return False
        self._desk.selecting.choose_now()
        if not self._is_early(command_id):
            return False
        self._commands.append((command_id, run))
        self._waiting.begin()
        return True

    def _is_about_list(self, command_id: str) -> bool:
        if command_id in _ANYTIME or BY_ID[command_id].group == "Panes":
            return False
        in_a_pane = command_id in _IN_A_PANE or command_id.startswith("move.")
        return not (in_a_pane and self._desk.pane is self._desk.sidebar)

    def _is_early(self, command_id: str) -> bool:
        """Whether what a command is about is still looked up."""
        desk = self._desk
        if (
            desk.listing.awaits_first
            or desk.listing.is_asking
            or (desk.resuming is not None and desk.resuming.is_due)
        ):
            return True
        return command_id == "filter.drop" and desk.listing.is_explaining

    def listed(self) -> None:
        """What was asked for is there, or more of it: do what waits for it, as keys are answered."""
        if self._commands:
            self._desk.app.call_later(self._do)

    def _do(self) -> None:
        desk = self._desk
        while (
            self._commands
            and not desk.listing.may_jump
            and not self._is_early(self._commands[0][0])
        ):
            if desk.app.screen_stack[-1:] != [desk]:  # a question that came by itself, or the end
                self.forget()
                return
            self._commands.popleft()[1]()
        if not self._commands:
            self._waiting.end()

    def forget(self) -> None:
        """What was asked for does not come: what waits is not done, and what was typed after it not
        answered."""
        if self._commands:
            self._commands.clear()
            self._waiting.forget()

    def _give_up(self) -> None:
        label = BY_ID[self._commands[0][0]].label
        self._commands.clear()
        self._desk.footer.say(f"Not done: {label}. The list is still being looked up.")
