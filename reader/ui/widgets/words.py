"""A line of words in colours of their own: labels and notes of forms."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from reader.records.text import clean
from reader.ui.glyphs import Glyphs

from .cells import fit


class Words(Widget):
    """One line of words in roles: `dim`, `accent`, `changed`, `warning`, or none."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "words--dim",
        "words--accent",
        "words--changed",
        "words--warning",
    }

    def __init__(self, *words: tuple[str, str], glyphs: Glyphs, classes: str | None = None) -> None:
        super().__init__(classes=classes)
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

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        segments: list[Segment] = []
        room = width
        for text, role in self._words:
            style = self.get_component_rich_style(f"words--{role}") if role else self.rich_style
            segment = Segment(clean(text), style)
            if segment.cell_length > room:
                segment = Segment(fit(clean(text), room, self._glyphs.ellipsis), style)
            segments.append(segment)
            room -= segment.cell_length
        return Strip(segments).adjust_cell_length(width, self.rich_style)
