"""What asks for an answer: at the bottom, over the screen that asked and stays visible."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, TypeVar

from rich.segment import Segment
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from reader.ui.bindings import bindings_for
from reader.ui.commands import BY_ID
from reader.ui.glyphs import Glyphs
from reader.ui.styles import style_sheet
from reader.ui.widgets.bars import FooterBar
from reader.ui.widgets.line_pane import LinePane

Result = TypeVar("Result")

_MOVES = ("down", "up", "half_down", "half_up", "page_down", "page_up", "first", "last")
MOVES: list[Binding] = bindings_for(BY_ID[f"move.{name}"] for name in _MOVES)
"""Bindings for the commands that `move_pane` knows."""


def move_pane(pane: LinePane, command_id: str) -> bool:
    """Move in a pane as a command of the registry says; whether anything moved."""
    match command_id:
        case "move.down":
            return pane.move(1)
        case "move.up":
            return pane.move(-1)
        case "move.half_down":
            return pane.move_page(0.5)
        case "move.half_up":
            return pane.move_page(-0.5)
        case "move.page_down":
            return pane.move_page(1)
        case "move.page_up":
            return pane.move_page(-1)
        case "move.first":
            return pane.move_to(0)
        case "move.last":
            return pane.move_to(pane.line_count - 1, -1)
        case _:
            return False


class Asking(ModalScreen[Result]):
    """A screen that is answered once: with a result, or with None by Esc."""

    CSS_PATH: ClassVar[list[Path]] = [style_sheet("panel.tcss"), style_sheet("forms.tcss")]  # type: ignore[assignment]  # narrower than the base's union
    AUTO_FOCUS = "LinePane"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[Binding]] = [Binding("escape", "answer_none", show=False)]  # type: ignore[assignment]  # narrower than the base's union

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.footer = FooterBar(glyphs)
        self._answered = False

    @property
    def ascii_only(self) -> bool:
        return self.glyphs.rule == "|"

    def answer(self, result: Result | None) -> None:
        """Leave with a result. Only the first one counts: more keys may be on their way."""
        if not self._answered:
            self._answered = True
            self.dismiss(result)

    def action_answer_none(self) -> None:
        """Leave; nothing happens."""
        self.answer(None)


class Panel(Asking[Result]):
    """A panel at the bottom, above its own footer line."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-wide")]  # noqa: RUF012  # as the base has it


class Edge(Widget):
    """The thin rule above a panel."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyph = glyphs.empty

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(self._glyph * self.size.width, self.rich_style)])
