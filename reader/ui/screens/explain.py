"""A query explained: lines to look at, and the way to "why not this one"."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from reader.ui.bindings import bindings_of
from reader.ui.folding import folded
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import hints_of
from reader.ui.styles import style_sheet
from reader.ui.widgets.bars import FooterBar
from reader.ui.widgets.passage import Passage
from reader.ui.widgets.pieces import Line

from .help import show_help
from .panel import move_pane


class Explain(Screen[bool]):
    """Lines under a heading; the answer is whether another record is asked about."""

    CSS_PATH: ClassVar[list[Path]] = [style_sheet("panel.tcss")]  # type: ignore[assignment]  # narrower than the base's union
    BINDINGS: ClassVar[list[Binding]] = bindings_of("Explanation")  # type: ignore[assignment]  # narrower than the base's union

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
        hints = hints_of(self.app, ascii_only=self.pane.glyphs.ascii_only)
        self.footer.show_keys(
            [
                *hints.footer_as("back", "back", always=True),
                *hints.footer_as("why_not", "why not this one", always=True),
                *hints.footer("!help", "messages"),
            ]
        )

    def on_resize(self, event: events.Resize) -> None:
        """Break lines that are too long for the screen; what is dim goes first."""
        lines = [part for line in self._lines for part in folded(line, event.size.width - 1)]
        self.pane.show(lines, keep_place=True)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Run one of the few commands that make sense here."""
        if command_id.startswith("move."):
            move_pane(self.pane, command_id)
        elif command_id in ("help", "messages"):
            show_help(self, "Explanation", self.pane.glyphs, command_id)
        elif self.is_current:
            self.dismiss(command_id == "why_not")
