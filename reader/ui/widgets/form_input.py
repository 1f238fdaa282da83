"""A line to type in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.suggester import Suggester
from textual.widgets import Input

from reader.records.field_input import LONGEST, can_be_shown, editable
from reader.records.query import Count
from reader.records.text import clean, fold


class LineInput(Input):
    """The toolkit's line to type in, with the keys of readline for words."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        Binding("alt+b", "cursor_left_word", show=False),
        Binding("alt+f", "cursor_right_word", show=False),
        Binding("alt+d", "delete_right_word", show=False),
        Binding("alt+backspace", "delete_left_word", show=False),
    ]


class FormInput(LineInput):
    """A line to type in that never holds what a screen cannot show: what one sees is what is
    typed. Pasted lines become one line."""

    def __init__(
        self, text: str = "", *, suggester: Suggester | None = None, disabled: bool = False
    ) -> None:
        super().__init__(
            text, compact=True, select_on_focus=False, suggester=suggester, disabled=disabled
        )
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        return editable(value)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        # One character more than may be, so that what is too long is said, not cut in silence.
        self.replace(clean(event.text[: LONGEST + 1]).strip(), *self.selection)

    def on_focus(self) -> None:
        # Where the cursor stands is brought into view.
        position, self.cursor_position = self.cursor_position, 0
        self.cursor_position = position

    def on_blur(self) -> None:
        self.scroll_to(0, animate=False, force=True)


class FlagInput(FormInput):
    """A yes or no: `y` and `n` set it, Space turns it round, deleting empties it. What is pasted is
    taken as it is."""

    HELP = "y, n or Space sets it."

    def replace(self, text: str, start: int, end: int) -> None:
        """Take what is typed, pasted or deleted."""
        if not text:
            value = "" if max(0, start) < end else self.value
        elif text == " ":
            # Nothing written is yes, as it is for those who read the file.
            value = "no" if self.value.strip().lower() in ("", "yes", "y", "true") else "yes"
        elif len(text) == 1:
            value = {"y": "yes", "n": "no"}.get(text.lower(), self.value)
        else:
            value = text
        self.value = value
        self.cursor_position = len(self.value)


class Completion(Suggester):
    """Completes to the most frequent known value; in a list, its last entry."""

    def __init__(self, known: Sequence[Count], *, in_list: bool = False) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._in_list = in_list
        self._known = [
            (count.label.casefold(), count.label)
            for count in known
            if can_be_shown(count.label) and not (in_list and "," in count.label)
        ]

    async def get_suggestion(self, value: str) -> str | None:
        before, comma, last = value.rpartition(",") if self._in_list else ("", "", value)
        typed = last.lstrip()
        if not typed:
            return None
        start = typed.casefold()
        given = {fold(each) for each in before.split(",")}
        for folded, label in self._known:
            if folded.startswith(start) and fold(label) not in given:
                return before + comma + last[: len(last) - len(typed)] + label
        return None
