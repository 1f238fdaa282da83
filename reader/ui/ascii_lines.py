"""What is drawn, in ASCII: for locales in which a terminal shows nothing else."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from reader.terminal.charset import ascii_cells


class AsciiLines(LineFilter):
    """Writes all that widgets draw, the toolkit's own among them, in ASCII of the same width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in ASCII."""
        if all(segment.text.isascii() for segment in segments):
            return segments
        return [
            segment if segment.text.isascii() else segment._replace(text=_drawn(segment.text))
            for segment in segments
        ]


def _drawn(text: str) -> str:
    width = cell_len(text)
    return ascii_cells(text).ljust(width)[:width]
