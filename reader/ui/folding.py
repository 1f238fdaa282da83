"""Lines that are longer than the pane, in as many as it takes."""

from __future__ import annotations

from collections.abc import Iterator

from .widgets.cells import width_of, wrap
from .widgets.pieces import Line, Piece

NARROWEST = 10
"""Columns that a folded text has at least; what stands before it may take the rest."""
_LEAST = 8
"""Columns that a line is broken for at least."""


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


def broken(line: Line, width: int, margin: int) -> Iterator[Line]:
    """Yield a line in as many as it takes, broken after spaces where there are any, with each of its
    characters: what goes on does so `margin` cells further in."""
    width = max(width, _LEAST)
    before = Piece(" " * min(margin, width // 2))
    row: list[Piece] = []
    room = width
    for piece in line:
        at = 0
        while at < len(piece.text):
            end = _end_of(piece.text, at, room)
            part = piece._replace(text=piece.text[at:end])
            if part.text:
                row.append(part)
                room -= width_of(part.text)
            at = end
            if at < len(piece.text):
                yield row
                row, room = [before], width - len(before.text)
    yield row


def _end_of(text: str, at: int, room: int) -> int:
    """Return where what has room ends, of what begins at `at`."""
    end = min(at + room, len(text)) if text.isascii() else _measured(text, at, room)
    if end < len(text):
        after_space = text.rfind(" ", at, end) + 1
        if after_space - at > room // 2:
            return after_space
    return end


def _measured(text: str, at: int, room: int) -> int:
    for end in range(at, len(text)):
        room -= width_of(text[end])
        if room < 0:
            return end
    return len(text)
