"""The detail pane: the article under the list's cursor."""

from __future__ import annotations

from collections.abc import Sequence

from reader.ui.glyphs import Glyphs

from .line_pane import Line, LinePane


class Detail(LinePane):
    """Shows lines made elsewhere."""

    def __init__(self, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__("DETAIL", glyphs=glyphs, id=id)
        self._lines: Sequence[Line] = ()
        self.said: Sequence[str] = ()

    @property
    def line_count(self) -> int:
        return len(self._lines)

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        return self._lines[index]

    def empty_lines(self) -> Sequence[str]:
        return self.said

    def show(self, lines: Sequence[Line], *, keep_place: bool = False) -> None:
        """Show an article; `keep_place`: it is the same one, drawn better or for another width."""
        self._lines = lines
        if keep_place:
            self.cursor = max(0, min(self.cursor, len(lines) - 1))
            self.top = max(0, min(self.top, len(lines) - self.page))
        else:
            self.cursor = self.top = 0
        self.redraw()
