"""The messages so far, each whole, with when it was said; the latest first."""

from __future__ import annotations

import time
from collections.abc import Sequence

from reader.records.text import clean
from reader.ui.glyphs import Glyphs
from reader.ui.messages import Entry
from reader.ui.widgets.pieces import Line, Piece

from .pager import Pager


class MessagesSoFar(Pager):
    """What the footer has said."""

    FOLDS = True
    NAME = ""

    def __init__(self, entries: Sequence[Entry], glyphs: Glyphs) -> None:
        lines = [_line(each) for each in entries]
        nothing: Line = (Piece(" Nothing has been said yet.", "pane--dim"),)
        super().__init__("MESSAGES", lines or [nothing], glyphs)


def _line(entry: Entry) -> Line:
    when = time.strftime("%H:%M:%S", time.localtime(entry.at))
    times = f" ({entry.times:,} times)" if entry.times > 1 else ""
    return (Piece(f" {when}  ", "pane--dim"), Piece(f"{clean(entry.text)}{times}"))
