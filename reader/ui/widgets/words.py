"""A line of words in colours of their own: labels and notes of forms."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from reader.records.text import clean
from reader.ui.folding import folded
from reader.ui.glyphs import Glyphs

from .cells import fit
from .pieces import Piece


class Words(Widget):
    """Words in roles: `dim`, `accent`, `changed`, `warning`, or none; on one line, or, where they
    fold, on as many as they take, the last of them going on under where they began."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "words--dim",
        "words--accent",
        "words--changed",
        "words--warning",
    }

    def __init__(
        self,
        *words: tuple[str, str],
        glyphs: Glyphs,
        classes: str | None = None,
        folds: bool = False,
    ) -> None:
        super().__init__(classes=classes)
        self._folds = folds
        self._words = words
        self._glyphs = glyphs

    def show(self, *words: tuple[str, str]) -> None:
        """Show (text, role) one after the other; the text is safe to show."""
        if words != self._words:
            self._words = words
            self.refresh()

    @property
    def text(self) -> str:
        """What is shown, without its roles."""
        return "".join(text for text, _ in self._words)

    def _lines(self, width: int) -> list[list[tuple[str, str]]]:
        if not self._folds:
            return [[*self._words]]
        line = [Piece(clean(text), role) for text, role in self._words]
        return [[(piece.text, piece.role) for piece in part] for part in folded(line, width)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = self._lines(width)
        if y >= len(lines):
            return Strip.blank(width, self.rich_style)
        segments: list[Segment] = []
        room = width
        for text, role in lines[y]:
            style = self.get_component_rich_style(f"words--{role}") if role else self.rich_style
            segment = Segment(clean(text), style)
            if segment.cell_length > room:
                segment = Segment(fit(clean(text), room, self._glyphs.ellipsis), style)
            segments.append(segment)
            room -= segment.cell_length
        return Strip(segments).adjust_cell_length(width, self.rich_style)
