"""Lines that are longer than the pane, in as many as it takes."""

from __future__ import annotations

from .widgets.cells import width_of, wrap
from .widgets.line_pane import Line, Piece

NARROWEST = 10
"""Columns that a folded text has at least; what stands before it may take the rest."""


def folded(line: Line, width: int) -> list[Line]:
    """Return a line in as many as it takes: its last piece is broken, and goes on under where it
    began. A dim last piece that has no room beside the others is left out."""
    if sum(width_of(piece.text) for piece in line) <= width:
        return [line]
    *first, last = line
    if len(line) > 2 and last.role == "pane--dim":
        return folded(first, width)
    text = last.text.lstrip(" ")
    before = sum(width_of(piece.text) for piece in first) + len(last.text) - len(text)
    before = min(before, max(0, width - NARROWEST))
    margin = Piece(" " * before)
    parts = wrap(text, max(NARROWEST, width - before)) or [""]
    begun = [*first, Piece(last.text[: len(last.text) - len(text)])]
    return [
        (*begun, Piece(parts[0], last.role, last.style)),
        *((margin, Piece(part, last.role, last.style)) for part in parts[1:]),
    ]
