"""The lines of an article's body: indented, apart from each other, as few segments as can be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import attrgetter

from rich.segment import Segment
from rich.style import Style

from .body_wrap import BOLD, DIM, ITALIC, UNDERLINE, Span, stripped, wrap

MAX_LINES = 8_000


class FullError(Exception):
    """There are as many lines or elements as are ever shown; the rest is left out."""


@dataclass(eq=False, slots=True)
class _Indent:
    """What stands before each line of a list item or quote."""

    first: str
    rest: str
    style: int = 0
    used: bool = False


class Lines:
    """Collects lines of at most `width` cells."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.done: list[list[Segment]] = []
        self.gap = False
        """A blank line is due before the next line, if there is one before it."""
        self._indents: list[_Indent] = []
        self._indented = 0  # cells they take
        self._above: list[_Indent] = []  # the indents of the last line

    @property
    def room(self) -> int:
        """Cells left beside the indents; never less than half the width."""
        return self.width - self._indented

    def indent(self, first: str, rest: str, style: int = 0) -> bool:
        """Begin lines with `first`, then `rest` (of the same width), until `outdent`.

        Return False where that is not done, because the text needs the room.
        """
        if self._indented + len(rest) > self.width // 2:
            return False
        self._indents.append(_Indent(first, rest, style))
        self._indented += len(rest)
        return True

    def outdent(self) -> None:
        """Take back the last indent."""
        self._indented -= len(self._indents.pop().rest)

    def wrap(self, spans: list[Span]) -> None:
        """Add a paragraph, wrapped."""
        for line in wrap(spans, self.room):
            self.add(line)

    def add(self, line: list[Span]) -> None:
        """Add a line that fits in `room`; raise `FullError` when there are enough."""
        if len(self.done) >= MAX_LINES:
            raise FullError
        if self.gap and self.done:
            shared = [a for a, b in zip(self._above, self._indents, strict=False) if a is b]
            self.done.append(segments([Span(indent.rest, indent.style) for indent in shared]))
        self.gap = False
        before: list[Span] = []
        for indent in self._indents:
            before.append(Span(indent.rest if indent.used else indent.first, indent.style))
            indent.used = True
        self._above = self._indents.copy()
        self.done.append(segments(before + line))


def segments(line: list[Span]) -> list[Segment]:
    """Return `line` with as few segments as its styles allow: each costs bytes on the wire."""
    segments: list[Segment] = []
    for style, spans in groupby(stripped(line), key=attrgetter("style")):
        text = "".join(span.text for span in spans).replace("\xa0", " ")
        if text:
            segments.append(Segment(text, _style(style)))
    return segments


@cache
def _style(style: int) -> Style | None:
    if not style:
        return None
    return Style(
        bold=bool(style & BOLD) or None,
        dim=bool(style & DIM) or None,
        italic=bool(style & ITALIC) or None,
        underline=bool(style & UNDERLINE) or None,
    )
