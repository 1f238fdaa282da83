"""The raw file: every line as it stands, made safe, lightly coloured; `secured` left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.records.text import clean, encodable
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.cells import fit_right
from reader.ui.widgets.pieces import Line, Piece

from .pager import Pager

MOST = 2 << 20  # bytes that are shown
_MOST_LINES = 50_000
_KEY_WITHIN = 2000
"""Characters of a line in which its key is looked for."""
_KEY = re.compile(r"(\s*(?:- )*)([^\s:#\"'][^:]{0,200}?)(:)(?:\s|$)")


_GUTTER = 8
"""Cells before the text of a line: its number."""


class RawFile(Pager):
    """A file's lines with their numbers; long ones go on under their text."""

    FOLDS = True
    MARGIN = _GUTTER

    def __init__(self, path: str, data: bytes, glyphs: Glyphs) -> None:
        super().__init__(clean(encodable(path)), list(raw_lines(data)), glyphs)


def raw_lines(data: bytes) -> Iterator[Line]:
    """Yield the file's lines, numbered, in colour by what they are."""
    text = data[:MOST].decode("utf-8", "replace").removeprefix("\ufeff")
    inside = False
    skipping = False
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    cut = len(data) > MOST or len(lines) > _MOST_LINES
    for number, raw in enumerate(lines[:_MOST_LINES], 1):
        line = raw.rstrip("\r")
        gutter = Piece(f" {fit_right(str(number), _GUTTER - 3)}  ", "pane--dim")
        if line.rstrip() in ("---", "...") and (number == 1 or inside):
            inside = number == 1
            skipping = False
            yield (gutter, Piece(clean(line), "pane--dim"))
        elif inside and re.match(r"""["']?secured["']?\s*:""", line):
            skipping = True
            yield (gutter, Piece("secured", "pane--accent"), Piece(": (not shown)", "pane--dim"))
        elif inside and skipping and (not line.strip() or line[0] in " \t"):
            continue  # the rest of a folded `secured`
        else:
            skipping = False
            yield (gutter, *(_coloured(line) if inside else (Piece(clean(line)),)))
    if cut:
        yield (
            Piece(
                f"{' ' * _GUTTER}the rest is not shown ({len(data):,} bytes in all)", "pane--dim"
            ),
        )


def _coloured(line: str) -> Line:
    if line.lstrip().startswith("#"):
        return (Piece(clean(line), "pane--dim"),)
    found = _KEY.match(line, 0, _KEY_WITHIN)
    if found is None:
        return (Piece(clean(line)),)
    indent, key, colon = found.groups()
    return (
        Piece(clean(indent)),
        Piece(clean(key), "pane--accent"),
        Piece(colon, "pane--dim"),
        Piece(clean(line[found.end(3) :])),
    )
