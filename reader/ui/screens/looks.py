"""The themes, seen at once as the cursor moves; Enter keeps one, Esc the one there was."""

from __future__ import annotations

from collections.abc import Sequence

from reader.ui.glyphs import Glyphs
from reader.ui.widgets.line_pane import LinePane

from .pick import Pick, Row


class Looks(Pick[str]):
    """Asks for a theme."""

    def __init__(self, names: Sequence[str], now: str, glyphs: Glyphs) -> None:
        rows = [Row("", name, name, chosen=name == now) for name in names]
        super().__init__("THEME", rows, glyphs)

    def most_lines(self, height: int) -> int:
        """Leave half of the screen to what the themes are seen on."""
        return height // 2 - 2  # the edge and the footer

    def action_run(self, command_id: str, key: str = "") -> None:
        """Move, and show the theme under the cursor."""
        super().action_run(command_id, key)
        self._show()

    def on_line_pane_pointed(self, message: LinePane.Pointed) -> None:
        """Show the theme that was pointed at."""
        self._show()
        super().on_line_pane_pointed(message)

    def _show(self) -> None:
        self.app.theme = self.pane.rows[self.pane.cursor].result
