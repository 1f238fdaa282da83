"""The words that a query asks for, standing out in what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.style import Style

from .pieces import Piece

if TYPE_CHECKING:
    from reader.records.querying.nodes import Node

_BOLD = Style(bold=True)
FOUND = "pane--found"


def marked(pieces: Sequence[Piece], root: Node, field: str) -> list[Piece]:
    """Return the pieces, cut where words of the query begin and end: those have a role of their
    own. `field` is what the text is, as `querying.highlights` takes it."""
    from reader.records.querying import highlights  # here: a start without a query needs none

    spans = highlights(root, "".join(piece.text for piece in pieces), field)
    return standing_out(pieces, spans) if spans else list(pieces)


def standing_out(pieces: Sequence[Piece], spans: Sequence[tuple[int, int]]) -> list[Piece]:
    """Return the pieces, cut where spans of their text (from, to) begin and end: those have a role
    of their own."""
    cut: list[Piece] = []
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        here = at
        for start, after in spans:
            if after <= here or start >= end:
                continue
            if start > here:
                cut.append(Piece(piece.text[here - at : start - at], piece.role, piece.style))
            first = max(start, here)
            here = min(after, end)
            cut.append(Piece(piece.text[first - at : here - at], FOUND, _style(piece)))
        if here < end:
            cut.append(Piece(piece.text[here - at :], piece.role, piece.style))
        at = end
    return cut


def _style(piece: Piece) -> Style | None:
    return _BOLD if piece.role == "pane--strong" else piece.style
