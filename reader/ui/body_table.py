"""A table of an article's body, laid out in columns or, without room for them, as a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .body_wrap import DIM, Span, cells, wrap

_APART = 2  # cells between columns
_NARROWEST = 6  # cells below which a column cannot be read


@dataclass(slots=True)
class Cell:
    """One cell, as it was read."""

    heading: bool
    right: bool = False
    """Aligned right."""
    spans: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """Rows of cells as they were read; rows may differ in length."""

    rows: list[list[Cell]] = field(default_factory=list)

    def lines(self, width: int) -> Iterator[list[Span]]:
        """Yield the table's lines, each of at most `width` cells."""
        rows = [row for row in self.rows if any(cell.spans for cell in row)]
        count = max(map(len, rows), default=0)
        if count == 1 or count * (_NARROWEST + _APART) - _APART > width:
            return self._listed(rows, width)
        return self._aligned(rows, count, width)

    def _aligned(self, rows: list[list[Cell]], count: int, width: int) -> Iterator[list[Span]]:
        natural = [1] * count
        for row in rows:
            for column, cell in enumerate(row):
                natural[column] = max(natural[column], _natural(cell))
        widths = _shared(natural, width - _APART * (count - 1))
        for index, row in enumerate(rows):
            pieces = [wrap(cell.spans, size) for cell, size in zip(row, widths, strict=False)]
            for at in range(max(map(len, pieces))):
                line: list[Span] = []
                column_start = taken = 0
                for cell, size, piece in zip(row, widths, pieces, strict=False):
                    if at < len(piece) and piece[at]:
                        own = sum(cells(span.text) for span in piece[at])
                        start = column_start + (size - own if cell.right else 0)
                        line += [Span(" " * (start - taken), 0), *piece[at]]
                        taken = start + own
                    column_start += size + _APART
                yield line
            if index == 0 and all(cell.heading for cell in row):
                rule = (" " * _APART).join("─" * size for size in widths)
                yield [Span(rule, DIM)]

    def _listed(self, rows: list[list[Cell]], width: int) -> Iterator[list[Span]]:
        heads: list[Cell] = []
        if len(rows) > 1 and len(rows[0]) > 1 and all(cell.heading for cell in rows[0]):
            heads, *rows = rows
        for index, row in enumerate(rows):
            if index and len(row) > 1:
                yield []
            for column, cell in enumerate(row):
                if cell.spans:
                    head = heads[column].spans if len(row) > 1 and column < len(heads) else []
                    yield from wrap(
                        [*head, Span(": ", 0), *cell.spans] if head else cell.spans, width
                    )


def _natural(cell: Cell) -> int:
    """Return the cells that `cell` takes unwrapped."""
    return max(map(cells, "".join(span.text for span in cell.spans).split("\n")))


def _shared(natural: list[int], room: int) -> list[int]:
    """Return widths that add up to at most `room`: narrow columns keep theirs, wide ones share."""
    widths = natural.copy()
    left = room
    waiting = sorted(range(len(natural)), key=natural.__getitem__)
    while waiting:
        column = waiting.pop(0)
        widths[column] = min(natural[column], left // (len(waiting) + 1))
        left -= widths[column]
    return widths
