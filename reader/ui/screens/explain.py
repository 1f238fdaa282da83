"""A query explained: lines to look at, and the way to "why not this one"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from reader.ui.bindings import bindings_for
from reader.ui.commands import BY_ID
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.bars import FooterBar
from reader.ui.widgets.cells import width_of, wrap
from reader.ui.widgets.line_pane import Line, Piece
from reader.ui.widgets.passage import Passage

from .panel import MOVES, move_pane


class Explain(Screen[bool]):
    """Lines under a heading; the answer is whether another record is asked about."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        *MOVES,
        *bindings_for((BY_ID["back"], BY_ID["leave"], BY_ID["why_not"], BY_ID["explain"])),
    ]

    def __init__(self, heading: str, lines: Sequence[Line], glyphs: Glyphs) -> None:
        super().__init__()
        self._lines = lines
        self.pane = Passage(glyphs=glyphs)
        self.pane.heading = heading
        self.footer = FooterBar(glyphs)

    def compose(self) -> ComposeResult:
        yield self.pane
        yield self.footer

    def on_mount(self) -> None:
        self.pane.focus()
        self.footer.show_keys([("Esc", "back", True), ("W", "why not this one", True)])

    def on_resize(self, event: events.Resize) -> None:
        """Break lines that are too long for the screen; what is dim goes first."""
        lines = [folded for line in self._lines for folded in _folded(line, event.size.width - 1)]
        self.pane.show(lines, keep_place=True)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Run one of the few commands that make sense here."""
        if command_id.startswith("move."):
            move_pane(self.pane, command_id)
        elif self.is_current:
            self.dismiss(command_id == "why_not")


def _folded(line: Line, width: int) -> list[Line]:
    if sum(width_of(piece.text) for piece in line) <= width:
        return [line]
    *first, last = line
    if len(line) > 1 and last.role == "pane--dim":
        return _folded(first, width)
    before = sum(width_of(piece.text) for piece in first)
    indent = " " * min(before, max(0, width - 10))
    parts = wrap(last.text.strip(), max(10, width - before))
    return [
        (*first, Piece(parts[0], last.role)) if not at else (Piece(indent + part, last.role),)
        for at, part in enumerate(parts or [""])
    ]
