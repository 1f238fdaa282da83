"""A screen of lines to look at: what raw file, link and key help have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from reader.ui.bindings import bindings_for
from reader.ui.commands import BY_ID
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.bars import FooterBar
from reader.ui.widgets.detail import Detail
from reader.ui.widgets.line_pane import Line

_MOVES = ("down", "up", "half_down", "half_up", "page_down", "page_up", "first", "last")
_COMMANDS = [*(BY_ID[f"move.{name}"] for name in _MOVES), BY_ID["back"], BY_ID["leave"]]


class Pager(Screen[None]):
    """Lines under a heading; Esc or q leaves."""

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[Binding]] = bindings_for(_COMMANDS)  # type: ignore[assignment]  # narrower than the base's union

    def __init__(self, heading: str, lines: Sequence[Line], glyphs: Glyphs) -> None:
        super().__init__()
        self._lines = lines
        self.glyphs = glyphs
        self.pane = Detail(glyphs=glyphs)
        self.pane.heading = heading
        self.footer = FooterBar(glyphs)

    def compose(self) -> ComposeResult:
        yield self.pane
        yield self.footer

    def on_mount(self) -> None:
        self.pane.show(self._lines)
        self.pane.focus()
        self.footer.show_keys([("Esc", "back", True), ("j", "down", False), ("k", "up", False)])

    def action_run(self, command_id: str, key: str = "") -> None:
        """Run one of the few commands that make sense here."""
        pane = self.pane
        moves = {
            "move.down": lambda: pane.move(1),
            "move.up": lambda: pane.move(-1),
            "move.half_down": lambda: pane.move_page(0.5),
            "move.half_up": lambda: pane.move_page(-0.5),
            "move.page_down": lambda: pane.move_page(1),
            "move.page_up": lambda: pane.move_page(-1),
            "move.first": lambda: pane.move_to(0),
            "move.last": lambda: pane.move_to(pane.line_count - 1, -1),
        }
        if command_id in moves:
            moves[command_id]()
        else:
            self.dismiss()
