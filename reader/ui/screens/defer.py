"""Until when a record is deferred: one key for the usual days, or a day that is typed."""

from __future__ import annotations

import re
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input, Static

from reader.records.when import CHOICES, HINT, LONGEST, Wrong, parse_when, say_when
from reader.ui.commands import shown_key
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.cells import fit
from reader.ui.widgets.form_input import LineInput
from reader.ui.widgets.line_pane import LinePane
from reader.ui.widgets.pieces import Line, Piece

from .panel import Edge, Panel

TYPED_KEY = "d"
"""Opens the line for a typed day."""
_ALLOWED = "[0-9A-Za-z :.,-]*"
_LABEL_WIDTH = 13


class Days(LinePane):
    """The usual days with the moments they mean, and the way to another one."""

    def __init__(self, heading: str, now: datetime, glyphs: Glyphs) -> None:
        super().__init__(heading, glyphs=glyphs, id="days")
        self._lines = [
            _line(choice.key, choice.label, say(choice.text, now)[0]) for choice in CHOICES
        ]
        self._other = _line(TYPED_KEY, "another day", "1 dec, 3w, mon 14:30")
        self.typing = False

    @property
    def line_count(self) -> int:
        return len(self._lines) + (not self.typing)

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        return self._lines[index] if index < len(self._lines) else self._other


def _line(key: str, label: str, meaning: str) -> Line:
    return (
        Piece(f" {key}  ", "pane--accent"),
        Piece(fit(label, _LABEL_WIDTH)),
        Piece(meaning, "pane--dim"),
    )


def say(text: str, now: datetime) -> tuple[str, bool]:
    """Return what a text means, or why it means nothing, and whether it means a moment."""
    when = parse_when(text, now)
    return (when.reason, False) if isinstance(when, Wrong) else (say_when(when), True)


class DeferChooser(Panel[datetime]):
    """Asks until when; the answer is a moment after `now`, in its zone, or None."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]

    def __init__(self, how_many: int, now: datetime, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self._now = now
        records = "RECORD" if how_many == 1 else "RECORDS"
        self.days = Days(f"DEFER {how_many:,} {records} UNTIL", now, glyphs)
        self.input = LineInput(
            restrict=_ALLOWED, max_length=LONGEST, select_on_focus=False, compact=True
        )
        self.input.cursor_blink = False
        self.meaning = Static(HINT, markup=False, id="meaning")

    def compose(self) -> ComposeResult:
        yield Edge(self.glyphs)
        yield self.days
        with Horizontal(id="typed"):
            yield Static(f" {TYPED_KEY}  ", markup=False, id="typed-key")
            yield self.input
            yield self.meaning
        yield self.footer

    def on_mount(self) -> None:
        self._lay_out()

    def _lay_out(self) -> None:
        self.days.styles.height = self.days.line_count + 1
        self.set_class(self.days.typing, "-typing")
        down, up = (shown_key(key, ascii_only=self.ascii_only) for key in ("down", "up"))
        keys = [("Esc", "leave", True), ("Enter", "defer" if self.days.typing else "choose", True)]
        if not self.days.typing:
            keys.append((f"{down} {up}", "move", False))
        self.footer.show_keys(keys)

    def on_key(self, event: events.Key) -> None:
        """Take a key before the line of text and the bindings do."""
        if event.key == "enter":
            event.stop()
            if self.days.typing:
                self._take(self.input.value)
            else:
                self._choose(self.days.cursor)
        elif self.days.typing:
            # Typed before the line had the focus.
            if event.character is not None and event.is_printable:
                event.stop()
                self.input.insert_text_at_cursor(event.character)
        elif event.character is not None and event.is_printable:
            event.stop()
            keys = [choice.key for choice in CHOICES]
            if event.character in keys:
                self._choose(keys.index(event.character))
            else:
                self._open("" if event.character == TYPED_KEY else event.character)

    def action_move(self, by: int) -> None:
        """Move among the days."""
        if not self.days.typing:
            self.days.move(by)

    def on_line_pane_pointed(self, message: LinePane.Pointed) -> None:
        if message.again:
            self._choose(self.days.cursor)

    def _choose(self, index: int) -> None:
        if index < len(CHOICES):
            self._take(CHOICES[index].text)
        else:
            self._open("")

    def _take(self, text: str) -> None:
        """Answer with the moment a text means; else the reason, which stands there, stands out."""
        when = parse_when(text, self._now)
        if isinstance(when, Wrong):
            self.meaning.add_class("-refused")
        else:
            self.answer(when)

    def _open(self, text: str) -> None:
        """Open the line for a typed day, with what was typed already."""
        self.days.typing = True
        self.days.can_focus = False
        self.days.cursor = -1  # none of the days is chosen while another one is typed
        self._lay_out()
        if re.fullmatch(_ALLOWED, text.strip()):
            self.input.insert_text_at_cursor(text.strip())
        self.input.focus()

    def on_input_changed(self, message: Input.Changed) -> None:
        meaning, right = HINT, False
        if message.value.strip():
            meaning, right = say(message.value, self._now)
            meaning = f"{self.glyphs.here} {meaning}" if right else meaning
        self.meaning.update(meaning)
        self.meaning.set_class(right, "-right")
        self.meaning.remove_class("-refused")
