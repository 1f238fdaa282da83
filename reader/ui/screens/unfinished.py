"""What a decision on many records could not do, record by record."""

from __future__ import annotations

from collections.abc import Sequence

from reader.library.outcome import Result
from reader.records.decisions import Decision
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.pieces import Line, Piece

from .pager import Pager

MOST = 2000
"""Records that are listed."""


class Unfinished(Pager):
    """Each record's title, path and reason."""

    FOLDS = True

    def __init__(self, decision: Decision, results: Sequence[Result], glyphs: Glyphs) -> None:
        from reader.library.rows import shown_path

        lines: list[Line] = [
            (Piece(f" {decision.label}: not done for {len(results):,}", "pane--strong"),)
        ]
        for result in results[:MOST]:
            path = shown_path(result.path)
            lines.append(())
            lines.append((Piece(f" {result.title or path}"),))
            lines.append((Piece(f"   {result.reason}", "pane--warning"),))
            if result.title:
                lines.append((Piece(f"   {path}", "pane--dim"),))
        if len(results) > MOST:
            lines += [(), (Piece(f" and {len(results) - MOST:,} more", "pane--dim"),)]
        super().__init__("NOT DONE", lines, glyphs)
