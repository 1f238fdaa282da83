"""The list, on the terminal before the toolkit is loaded.

Loading it takes most of the time of a start. What it will draw first is known: the screen's ground
as it was last time (`grounds`), and the newest rows of the index. Until it draws, the terminal is ours:
keys that are typed stay for it, Ctrl+C ends the program, and however that ends, the shell is shown as
it was.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from reader.config import Config, table
from reader.library.collection import Collection
from reader.library.places import Place, place_file, read_place, rows_left
from reader.records.query import plain_query
from reader.records.text import clean
from reader.terminal.charset import shows_unicode
from reader.terminal.modes import (
    ENTER,
    LEAVE,
    Attributes,
    give_keys_back,
    is_in_front,
    is_raw,
    take_keys,
)

from .glyphs import Glyphs, choose
from .grounds import Ground, key_of, read_ground
from .output.abilities import Output
from .output.cells import cells_of_runs
from .output.picture import Picture
from .widgets.cells import fit
from .widgets.pieces import Line, Piece
from .widgets.row_lines import HEADING, RowLines

_ENDING = (signal.SIGTERM, signal.SIGHUP)


class FirstFrame:
    """Draws the frame, where all is known for it, and has the terminal until the toolkit takes it."""

    def __init__(self, settings: Config, cache: Path) -> None:
        self._settings = settings
        self.output = Output(
            settings[table.OUTPUT], settings[table.MOTION], settings[table.HYPERLINKS]
        )
        self.cache = cache
        """The folder of grounds."""
        self.key = ""
        """The name of this terminal's ground; empty: there is to be none."""
        self.ground: Ground | None = None
        """What was drawn on; None: there was no frame."""
        self.picture = Picture(abilities=self.output.abilities())
        """What the terminal shows."""
        self._input: int | None = None
        self._before: Attributes | None = None
        """How the terminal took keys, while that is ours to give back."""

    # -- drawing --------------------------------------------------------------------------------
    def show(self, collection: Collection, *, resumes: bool) -> None:
        """Draw the list as the first screen will have it, where that can be done."""
        size = self._size()
        if size is None:
            return
        self.key = key_of(self._settings, self.output.around, size)
        ground = read_ground(self.cache, self.key)
        if ground is None or len(ground.lines) != size[1]:
            return
        try:
            lines = self._lines(collection, ground, resumes)
            self._draw(ground, lines, size)
        except LookupError:
            return  # the ground knows no such role: it is of another version
        if lines and self._take_terminal():
            self.ground = ground
            self._write(ENTER + self.picture.take())

    def _size(self) -> tuple[int, int] | None:
        """The terminal's columns and lines; None where it is none for a first frame."""
        streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
        if any(stream is None or not stream.isatty() for stream in streams):
            return None
        if not shows_unicode():
            return None  # all that is drawn would have to be made ASCII
        assert sys.__stdin__ is not None
        try:
            columns, lines = os.get_terminal_size(sys.__stdin__.fileno())
        except OSError:
            return None
        return (columns, lines) if columns and lines else None

    def _lines(
        self, collection: Collection, ground: Ground, resumes: bool
    ) -> list[tuple[Line, str]]:
        """The list's lines, each with its row's role; none where there are no records."""
        _, _, width, height = ground.place
        each = self._settings[table.LIST_LINES]
        page = max(1, (height - 1) // each)
        place = _place(collection) if resumes else Place()
        rows, current = rows_left(place, collection, with_topics=each > 1)
        query = plain_query(place.query)
        if not rows and query is not None:
            fetch = collection.rows if each == 1 else collection.rows_with_topics
            rows = fetch(collection.ids(query, limit=page))
        if not rows or current >= page:
            return []
        made = RowLines(self._glyphs, collection.now)
        heading: Line = (Piece(fit(f" {HEADING}", width), "pane--focused"),)
        if each == 1:
            heading = made.heading(HEADING, width, "pane--focused")
        lines = [(heading, "")]
        for at, row in enumerate(rows[:page]):
            is_current = at == current
            role = "pane--cursor" if is_current else ""
            lines.append((made.one(row, width, at_cursor=is_current, with_numbers=each == 1), role))
            if each > 1:
                lines.append((made.second(row, width), role))
        return lines[:height]

    @property
    def _glyphs(self) -> Glyphs:
        return choose(self._settings[table.GLYPHS])

    def _draw(
        self, ground: Ground, lines: Sequence[tuple[Line, str]], size: tuple[int, int]
    ) -> None:
        picture, plain = self.picture, self._glyphs.plain
        picture.resize(*size)
        for y, runs in enumerate(ground.lines):
            picture.put_cells(y, 0, *cells_of_runs(runs, size[0]))
        x, top, width, _ = ground.place
        for y, (line, row) in enumerate(lines, top):
            cells = [(plain(clean(piece.text)), ground.pens[piece.role, row]) for piece in line]
            rest = (" " * width, ground.pens["", row])
            picture.put_cells(y, x, *cells_of_runs([*cells, rest], width))
        at_cursor = (y for y, (_, row) in enumerate(lines, top) if row)
        picture.cursor = next(at_cursor, top), x

    # -- the terminal ---------------------------------------------------------------------------
    def _take_terminal(self) -> bool:
        """Have what is typed kept for the interface, and not shown; whether that can be done."""
        assert sys.__stdin__ is not None
        assert sys.__stderr__ is not None
        # One that a killed program left raw is told of; in the background nobody may draw.
        if is_raw(sys.__stdin__) or not is_in_front(sys.__stdin__):
            return False
        if not select.select([], [sys.__stderr__], [], 0)[1]:
            return False  # it takes nothing now, and the start need not wait for it
        self._input = sys.__stdin__.fileno()
        self._before = take_keys(self._input)
        for number in _ENDING:
            signal.signal(number, self._ended)
        return self._before is not None

    def hand_over(self) -> Attributes | None:
        """The toolkit has the terminal from now on; return how it took keys before, None where no
        frame was drawn."""
        before, self._before = self._before, None
        return before

    def give_back(self) -> None:
        """Show the shell as it was, where the toolkit has not taken the terminal."""
        if self._before is not None and self._input is not None:
            before, self._before = self._before, None
            with suppress(OSError):
                self._write(LEAVE)
            give_keys_back(self._input, before)

    def _ended(self, number: int, _: FrameType | None) -> None:
        self.give_back()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.give_back()

    @staticmethod
    def _write(text: str) -> None:
        assert sys.__stderr__ is not None
        data = text.encode("utf-8", "replace")
        while data:
            data = data[os.write(sys.__stderr__.fileno(), data) :]


def _place(collection: Collection) -> Place:
    """Where one was when one left; the beginning, where that is not kept."""
    if collection.state_path is None or collection.single is not None:
        return Place()
    return read_place(place_file(collection.state_path)) or Place()
