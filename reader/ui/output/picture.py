"""What the screen should show and what the terminal shows, and the bytes that lead there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .abilities import Abilities
from .cells import Kind, Row, cells_of, kind
from .moves import move
from .pens import Pen, change, for_blank

if TYPE_CHECKING:  # the first of pictures is shown before the toolkit is loaded
    from rich.color import ColorSystem
    from textual._compositor import ChopsUpdate, LayoutUpdate
    from textual.strip import Strip

_LEAST_ERASED = 5
"""Blanks in a row from which on an erase is cheaper than the spaces."""


class Picture:
    """Two screens: the one wanted, and the one shown. `update` changes the one, `take` writes what
    brings the other there. Both are called under one lock."""

    def __init__(
        self, colours: ColorSystem | None = None, abilities: Abilities | None = None
    ) -> None:
        self.colours = colours
        """Those of the terminal; needed where strips are put."""
        self.abilities = abilities or Abilities()
        self.width = self.height = 0
        self.cursor = (0, 0)
        """Where the cursor belongs: row and column."""
        self._wanted: list[Row] = []
        self._shown: list[Row | None] = []
        self._changed: dict[int, int] = {}
        """Lines that may differ, with the number of the update that touched them last."""
        self._updates = 0
        self.forget()

    # -- what is wanted -------------------------------------------------------------------------
    def resize(self, width: int, height: int) -> None:
        """Take another size. What a terminal makes of its lines then is not known."""
        if (width, height) != (self.width, self.height):
            self.width, self.height = width, height
            self._wanted = [Row.blank(width, Pen()) for _ in range(height)]
            self.forget()

    def forget(self) -> None:
        """Take nothing for granted of what the terminal shows: all is sent again."""
        self._shown = [None] * self.height
        self._changed = dict.fromkeys(range(self.height), self._updates)
        self._pen: Pen | None = None
        self._row: int | None = None
        self._column: int | None = None

    def update(self, update: LayoutUpdate | ChopsUpdate) -> None:
        """Take over what the compositor has drawn."""
        from textual._compositor import LayoutUpdate

        self._updates += 1
        if isinstance(update, LayoutUpdate):
            region = update.region
            if region.x == region.y == 0:
                self.resize(region.width, region.height)
            for y, strips in enumerate(update.strips, region.y):
                self.put(y, region.x, list(strips))
            return
        for y, first, last in update.spans:
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is not None and x < last and end > first:
                    self.put(y, x, [strip.crop(0, min(end, last) - x)])

    def put(self, y: int, x: int, strips: Sequence[Strip]) -> None:
        """Want `strips` on line `y` from column `x` on."""
        assert self.colours is not None
        self.put_cells(y, x, *cells_of(strips, self.colours))

    def put_cells(self, y: int, x: int, texts: list[str], pens: list[Pen]) -> None:
        """Want cells on line `y` from column `x` on."""
        if 0 <= y < self.height and 0 <= x < self.width:
            self._wanted[y].put(x, texts, pens)
            self._changed[y] = self._updates

    # -- what is sent ---------------------------------------------------------------------------
    @property
    def is_shown(self) -> bool:
        """Whether nothing is left to send."""
        return not self._changed and (self._row, self._column) == self.cursor

    def take(self, room: int | None = None) -> str:
        """Return what brings the terminal to what is wanted, which counts as shown then.

        With `room`, no line is begun after so many characters: what changed last goes first, and the
        rest is left for another time.
        """
        out: list[str] = []
        lines = sorted(self._changed)
        if room is not None:
            lines.sort(key=lambda y: -self._changed[y])
        if lines and all(row is None for row in self._shown):
            self._clear(out)
        sent = 0
        for y in lines:
            if room is not None and sent >= room:
                break
            begun = len(out)
            self._write_line(y, out)
            sent += sum(map(len, out[begun:]))
            self._shown[y] = self._wanted[y].copy()
            del self._changed[y]
        if not self._changed:
            row = min(max(0, self.cursor[0]), max(0, self.height - 1))
            column = min(max(0, self.cursor[1]), max(0, self.width - 1))
            self.cursor = row, column
            self._move(row, column, out)
        return "".join(out)

    def _clear(self, out: list[str]) -> None:
        """Begin with an empty screen of the commonest background."""
        backgrounds = Counter(
            pen
            for row in self._wanted
            for text, pen in zip(row.texts, row.pens, strict=True)
            if text == " " and not pen.shows_on_blanks
        )
        pen = next(iter(backgrounds.most_common(1)), (Pen(), 0))[0]
        if not self._erases(pen):
            return
        self._set_pen(pen, out)
        out.append("\x1b[2J")
        self._shown = [Row.blank(self.width, pen) for _ in range(self.height)]

    def _erases(self, blank: Pen) -> bool:
        return not blank.shows_on_blanks and (
            self.abilities.erases_in_colour or not blank.background
        )

    def _write_line(self, y: int, out: list[str]) -> None:
        new, old = self._wanted[y], self._shown[y]
        if old is not None and new.texts == old.texts and new.pens == old.pens:
            return
        spans = _spans(new, old)
        tail = _blank_tail(new)
        for start, end in spans:
            self._reach(y, start, new, out)
            if self._write_span(y, start, end, tail, new, out):
                break

    def _reach(self, y: int, start: int, row: Row, out: list[str]) -> None:
        """Go to a span: by a move, or over the cells before it where writing those is shorter."""
        way = move(self._row, self._column, y, start, self.abilities.columns)
        at = self._column
        if self._row == y and at is not None and at < start <= at + len(way):
            texts, pens = row.texts[at:start], row.pens[at:start]
            if all(text.isascii() and text for text in texts) and all(
                pen == self._pen or (text == " " and for_blank(self._pen, pen) == self._pen)
                for text, pen in zip(texts, pens, strict=True)
            ):
                way = "".join(texts)
        out.append(way)
        self._row, self._column = y, start

    def _write_span(
        self, y: int, start: int, end: int, tail: int, row: Row, out: list[str]
    ) -> bool:
        """Write cells from the cursor on; whether the line's end was erased with them."""
        texts, pens = row.texts, row.pens
        at = start
        while at < end:
            text, pen = texts[at], pens[at]
            if text == " " and self._erases(pen):
                run = at + 1
                while run < end and texts[run] == " " and pens[run] == pen:
                    run += 1
                self._set_pen(for_blank(self._pen, pen), out)
                if at >= tail and self.width - at > 3:
                    out.append("\x1b[K")
                    return True
                self._write_blanks(y, at, run, end, out)
                at = run
                continue
            if text == "":
                at += 1
                continue
            self._set_pen(for_blank(self._pen, pen) if text == " " else pen, out)
            at = self._write_cell(y, at, texts, out)
        return False

    def _write_blanks(self, y: int, at: int, run: int, end: int, out: list[str]) -> None:
        count = run - at
        way = move(y, at, y, run, self.abilities.columns) if run < end else ""
        erase = f"\x1b[{count}X"
        if self.abilities.columns and count > max(_LEAST_ERASED, len(erase) + len(way)):
            out.append(erase)
            if run < end:
                self._move(y, run, out)
        else:
            out.append(" " * count)
            self._advance(run)

    def _write_cell(self, y: int, at: int, texts: list[str], out: list[str]) -> int:
        """Write the character that begins at a cell; return where the next one does."""
        text = texts[at]
        after = at + 1
        while after < len(texts) and not texts[after]:
            after += 1
        what = kind(text)
        if what is Kind.ODD:
            # Blanks first: a terminal to which it is narrower would keep what stood beside it.
            out.append(" " * (after - at))
            self._column = None
            self._move(y, at, out)
        out.append(text)
        self._advance(after)
        if what is Kind.AMBIGUOUS:
            self._column = None
        elif what is Kind.ODD:
            self._column = None
            if after < len(texts):
                self._move(y, after, out)
        return after

    def _advance(self, column: int) -> None:
        # At the right edge terminals differ: the cursor waits on the last cell, or after it.
        self._column = column if column < self.width else None

    def _move(self, y: int, x: int, out: list[str]) -> None:
        out.append(move(self._row, self._column, y, x, self.abilities.columns))
        self._row, self._column = y, x

    def _set_pen(self, pen: Pen, out: list[str]) -> None:
        out.append(change(self._pen, pen, self.abilities.only_resets))
        self._pen = pen


def _spans(new: Row, old: Row | None) -> list[tuple[int, int]]:
    """Return from where to where the cells of a line differ; whole characters only."""
    width = len(new.texts)
    if old is None or _is_odd(new) or _is_odd(old):
        return [(0, width)]
    spans: list[tuple[int, int]] = []
    at = 0
    for at, same in enumerate(
        a == b and c == d
        for a, b, c, d in zip(new.texts, old.texts, new.pens, old.pens, strict=True)
    ):
        if same:
            continue
        start, end = at, at + 1
        while start > 0 and not (new.texts[start] and old.texts[start]):
            start -= 1
        while end < width and not (new.texts[end] and old.texts[end]):
            end += 1
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _is_odd(row: Row) -> bool:
    if "".join(row.texts).isascii():
        return False
    return any(kind(text) is Kind.ODD for text in row.texts)


def _blank_tail(row: Row) -> int:
    """Return the column from which on a line is blank in one background."""
    at = len(row.texts)
    last = row.pens[-1] if row.pens else None
    while at > 0 and row.texts[at - 1] == " " and row.pens[at - 1] == last:
        at -= 1
    return at
