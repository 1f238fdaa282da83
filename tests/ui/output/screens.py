"""Two screens fed with what the toolkit sends and with what ours does, compared cell by cell."""

from __future__ import annotations

from collections.abc import Iterator

import pyte
from pyte.screens import Char
from rich.color import ColorSystem
from rich.console import Console
from textual._compositor import ChopsUpdate, LayoutUpdate
from wcwidth import wcwidth

from reader.ui.output.abilities import Abilities
from reader.ui.output.picture import Picture
from tests.terminal.emulator import Screen

_NO_WRAP = "\x1b[?7l"  # the toolkit's driver sends it at the start


class BothWays:
    """A terminal that the toolkit's own output goes to, and one for ours."""

    def __init__(self, width: int, height: int, abilities: Abilities | None = None) -> None:
        self.console = Console(color_system="truecolor", force_terminal=True)
        self.picture = Picture(ColorSystem.TRUECOLOR, abilities)
        self.stock, self._to_stock = _screen(width, height)
        self.lean, self._to_lean = _screen(width, height)
        self.sent: list[tuple[int, int]] = []
        """Characters of each update: the toolkit's, ours."""

    def resize(self, width: int, height: int) -> None:
        for screen in (self.stock, self.lean):
            screen.resize(height, width)
        self.picture.resize(width, height)

    def show(self, update: LayoutUpdate | ChopsUpdate) -> None:
        """Feed an update to both."""
        stock = update.render_segments(self.console)
        self._to_stock.feed(stock.replace("\n", "\r\n"))  # as the line discipline does
        self.picture.update(update)
        lean = self.picture.take()
        assert self.picture.is_shown
        assert "\n" not in lean
        self._to_lean.feed(lean)
        self.sent.append((len(stock), len(lean)))

    def show_in_pieces(self, update: LayoutUpdate | ChopsUpdate, room: int) -> None:
        """Feed an update to both, to ours in several goes."""
        self._to_stock.feed(update.render_segments(self.console).replace("\n", "\r\n"))
        self.picture.update(update)
        for _ in range(1 + self.picture.height):
            self._to_lean.feed(self.picture.take(room))
        assert self.picture.is_shown

    def differences(self) -> Iterator[str]:
        """Yield where the two screens show something else."""
        for y in range(self.stock.lines):
            for x, (ours, theirs) in enumerate(
                zip(_cells(self.lean, y), _cells(self.stock, y), strict=True)
            ):
                if _shown(ours) != _shown(theirs):
                    yield f"line {y}, column {x}: {ours} instead of {theirs}"


def _cells(screen: pyte.Screen, y: int) -> list[Char]:
    """A line's cells; half a wide character is blank, as on every terminal but pyte."""
    cells = [screen.buffer[y][x] for x in range(screen.columns)]
    is_wide = [wcwidth(cell.data[:1]) == 2 for cell in cells]
    is_second = [cell.data == "" for cell in cells]
    return [
        cell._replace(data=" ") if (wide and not after) or (second and not before) else cell
        for cell, wide, second, before, after in zip(
            cells, is_wide, is_second, [False, *is_wide], [*is_second[1:], False], strict=False
        )
    ]


def _screen(width: int, height: int) -> tuple[pyte.Screen, pyte.Stream]:
    screen = Screen(width, height)
    stream = pyte.Stream(screen)
    stream.feed(_NO_WRAP)
    return screen, stream


def _shown(cell: Char) -> tuple[object, ...]:
    """What can be seen of a cell: of a blank only its background, unless it is underlined."""
    marks = (cell.underscore, cell.strikethrough, cell.reverse)
    if cell.data == " " and not any(marks):
        return (" ", cell.bg)
    return (cell.data, cell.fg, cell.bg, cell.bold, cell.italics, cell.blink, *marks)
