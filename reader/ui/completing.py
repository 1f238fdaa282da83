"""Completion in a line of a query: what there is to choose from, put in one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from .jobs.asking import Completed
from .typed_line import TypedLine
from .waiting import Waiting
from .widgets.query_line import Candidates

if TYPE_CHECKING:
    from reader.records.querying.completing import Completion


class Completing:
    """The candidates for one typed line. `ask` has a text looked up as it stands before the cursor
    and `completed` called with what is found, for which keys wait; `changed` is called when another
    text stands in the line, `shown` when the candidates are shown or put away, `nothing` when there
    are none."""

    def __init__(
        self,
        line: TypedLine,
        pane: Candidates,
        waiting: Waiting,
        *,
        ask: Callable[[str, int], None],
        changed: Callable[[], None],
        shown: Callable[[bool], object],
        nothing: Callable[[], None],
    ) -> None:
        self._line = line
        self._pane = pane
        self._waiting = waiting
        self._ask = ask
        self._changed = changed
        self._shown = shown
        self._nothing = nothing
        self._asked: tuple[str, int] | None = None
        """What is looked up."""
        self._begun: tuple[str, int] | None = None
        """The text that candidates are for, and where the cursor was in it."""
        self._found: Sequence[Completion] = ()
        self._at = 0
        self._step = 1

    def press(self, key: str) -> bool:
        """Do what a key does here; whether it is such a key."""
        match key:
            case "tab":
                self._go(1)
            case "shift+tab":
                self._go(-1)
            case "up" | "down" if self._found:
                self._go(-1 if key == "up" else 1)
            case _:
                return False
        return True

    def end(self) -> None:
        """What stands in the line is kept; there is nothing to choose any more."""
        self._begun = None
        self._found = ()
        self._stop_waiting()
        self._shown(False)

    def _stop_waiting(self) -> None:
        if self._asked is not None:
            self._asked = None
            self._waiting.end()

    def _go(self, step: int) -> None:
        if self._found:
            self._at = (self._at + step) % len(self._found)
            self._pane.choose(self._at)
            self._put()
        else:
            self._step = step
            self._asked = self._line.text, self._line.at
            self._waiting.begin()
            self._ask(*self._asked)

    def completed(self, message: Completed) -> None:
        """Put in the first of what could be completed; Tab goes on to the next."""
        if (message.text, message.at) == self._asked:
            self._stop_waiting()
        if (message.text, message.at) != (self._line.text, self._line.at):
            return
        found = [each for each in message.found if self._would_change(each)]
        if not found:
            self._nothing()
            return
        self._begun = message.text, message.at
        self._found = found
        self._at = 0 if self._step > 0 else len(found) - 1
        self._put()
        if len(found) == 1:
            self.end()
        else:
            self._pane.show(found, self._at)
            self._shown(True)

    def _would_change(self, each: Completion) -> bool:
        return self._line.text[each.start : each.end] != each.text

    def _put(self) -> None:
        assert self._begun is not None
        text = self._begun[0]
        each = self._found[self._at]
        self._line.put(text[: each.start] + each.text + text[each.end :])
        self._line.at = each.start + len(each.text)
        self._changed()
