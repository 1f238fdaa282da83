"""What a terminal makes of a program's output: the screen, the modes set, answers to queries.

pyte keeps the screen. This module hands it only what it understands, does what it lacks (REP,
scrolling, back tab), and answers as xterm would, so that a program that asks is not kept waiting.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pyte
from pyte.charsets import LAT1_MAP
from pyte.modes import DECSCNM, IRM
from pyte.screens import Char

_SEQUENCE = re.compile(
    rb"\x1b\[(?P<prefix>[<=>?]?)(?P<params>[0-9;:]*)(?P<middle>[ -/]*)(?P<final>[@-~])"
    rb"|\x1b(?P<kind>[\]P_^X])(?P<string>.*?)(?:\x07|\x1b\\)"  # OSC, DCS, APC, PM, SOS
    rb"|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]",
    re.DOTALL,
)
_UNFINISHED = re.compile(
    rb"\x1b(?:\[[<=>?]?[0-9;:]*[ -/]*|[\]P_^X].{0,100000}|[ -/]*)?\Z", re.DOTALL
)
_COLOUR_QUERY = re.compile(rb"(10|11|12|4;\d+);\?")
_KNOWN_MODES = frozenset((7, 25, 1000, 1006, 1049, 2004, 2026))


@lru_cache(maxsize=1 << 14)
def _cell(pen: Char, character: str) -> Char:
    return pen._replace(data=character)


class Screen(pyte.Screen):
    """pyte's, which forgets cells that were never written to when all are erased; what it is told most
    often, it does at once."""

    def __init__(self, columns: int, lines: int) -> None:
        self._pens: dict[tuple[object, ...], Char] = {}
        super().__init__(columns, lines)

    def draw(self, data: str) -> None:
        cursor = self.cursor
        plain = data.isascii() and data.isprintable() and cursor.x + len(data) <= self.columns
        if plain and not self.charset and self.g0_charset is LAT1_MAP and IRM not in self.mode:
            line = self.buffer[cursor.y]
            for column, character in enumerate(data, cursor.x):
                line[column] = _cell(cursor.attrs, character)
            cursor.x += len(data)
            self.dirty.add(cursor.y)
        else:
            super().draw(data)

    def select_graphic_rendition(self, *attrs: int) -> None:
        key = (self.cursor.attrs, attrs, DECSCNM in self.mode)
        if key in self._pens:
            self.cursor.attrs = self._pens[key]
        else:
            super().select_graphic_rendition(*attrs)
            self._pens[key] = self.cursor.attrs

    def erase_in_display(self, how: int = 0, *args: object, **options: object) -> None:
        super().erase_in_display(how, *args, **options)
        if how == 2:
            for y in range(self.lines):
                for x in range(self.columns):
                    self.buffer[y][x] = self.cursor.attrs


class Emulator:
    """A screen of `columns` by `rows`, fed with bytes in pieces of any size."""

    def __init__(self, columns: int, rows: int) -> None:
        self._screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""  # an escape sequence whose end has not come yet
        self._last_printed = b" "
        self._replies = bytearray()
        self.lines = [""] * rows
        """The screen's text, a string for each row, blanks kept."""
        self.modes: set[int] = {7, 25}
        """The private modes now set: 25 cursor shown, 1049 alternate screen, 1000 mouse, …"""
        self.keyboard_depth = 0
        """How many keyboard protocols are pushed and not popped again."""

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cursor, from 0."""
        return self._screen.cursor.y, self._screen.cursor.x

    def cell(self, row: int, column: int) -> Char:
        """What stands in a cell, and how it is drawn."""
        return self._screen.buffer[row][column]

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; the program repaints by itself."""
        self._screen.resize(rows, columns)
        self.lines = [""] * rows
        self._screen.dirty.update(range(rows))

    def feed(self, data: bytes) -> bytes:
        """Take in output; return what the terminal sends back for it (often nothing)."""
        data = self._rest + data
        self._rest = b""
        position = 0
        known = bytearray()  # what pyte may see, collected to call it seldom
        for match in _SEQUENCE.finditer(data):
            known += data[position : match.start()]
            position = match.end()
            if match["kind"]:
                self._string(match["kind"], match["string"])
            elif match["final"]:
                self._control(match, known)
            else:
                known += match[0]
        tail = data[position:]
        if unfinished := _UNFINISHED.search(tail):
            self._rest, tail = tail[unfinished.start() :], tail[: unfinished.start()]
        known += tail
        self._flush(known)
        self._refresh()
        replies, self._replies = bytes(self._replies), bytearray()
        return replies

    def _flush(self, known: bytearray) -> None:
        if known:
            if 32 <= known[-1] != 127:
                self._last_printed = bytes(known[-1:])
            self._stream.feed(bytes(known))
            known.clear()

    def _refresh(self) -> None:
        columns = range(self._screen.columns)
        for row in self._screen.dirty:
            if row < len(self.lines):
                cells = self._screen.buffer[row]
                self.lines[row] = "".join([cells[column].data for column in columns])
        self._screen.dirty.clear()

    def _string(self, kind: bytes, body: bytes) -> None:
        if kind == b"]" and (query := _COLOUR_QUERY.fullmatch(body)):
            colour = b"1e1e/1e1e/1e1e" if query[1] == b"11" else b"d0d0/d0d0/d0d0"
            self._replies += b"\x1b]" + query[1] + b";rgb:" + colour + b"\x1b\\"
        elif kind == b"P" and body.startswith(b"+q"):
            self._replies += b"\x1bP0+r" + body[2:] + b"\x1b\\"
        elif kind == b"P" and body.startswith(b"$q"):
            self._replies += b"\x1bP0$r\x1b\\"

    def _control(self, match: re.Match[bytes], known: bytearray) -> None:
        """Answer or carry out a CSI sequence, or leave it to pyte by adding it to `known`."""
        prefix, params, middle, final = match.group("prefix", "params", "middle", "final")
        digits = re.match(rb"\d*", params)
        number = int(digits[0] or 0) if digits else 0
        if self._answered(prefix, middle, final, number, known):
            return
        if prefix == b"?" and final in b"hl" and not middle:
            for mode in filter(None, params.split(b";")):
                (self.modes.add if final == b"h" else self.modes.discard)(int(mode))
            known += match[0]
        elif final == b"u" and prefix in (b">", b"<"):
            change = 1 if prefix == b">" else -max(number, 1)
            self.keyboard_depth = max(0, self.keyboard_depth + change)
        elif final == b"b" and not prefix:  # REP: ncurses repeats the last character by it
            known += (bytes(known[-1:]) or self._last_printed) * max(number, 1)
        elif final in b"STZ" and not prefix and not middle:
            self._flush(known)
            self._scroll_or_back_tab(final, max(number, 1))
        elif not middle and (not prefix or (prefix == b"?" and final in b"JK")):
            self._flush(known)
            self._carry_out(params, final, private=bool(prefix))

    def _carry_out(self, params: bytes, final: bytes, *, private: bool) -> None:
        """Have pyte's screen do it, without its parser, which reads every byte by itself."""
        name = pyte.Stream.csi.get(final.decode())
        if name is not None:
            fields = params.replace(b":", b";").split(b";")
            numbers = [min(int(field or 0), 9999) for field in fields]
            options = {"private": True} if private else {}
            getattr(self._screen, name)(*numbers, **options)

    def _answered(
        self, prefix: bytes, middle: bytes, final: bytes, number: int, known: bytearray
    ) -> bool:
        """Whether the sequence was a query; its answer then stands in the replies."""
        rows, columns = len(self.lines), self._screen.columns
        if final == b"c" and number == 0:  # device attributes
            answers = {b"": b"\x1b[?62;22c", b">": b"\x1b[>1;10;0c"}
            self._replies += answers.get(prefix, b"\x1bP!|00000000\x1b\\")
        elif final == b"n":  # status, cursor position
            self._flush(known)
            row, column = self.cursor
            place = b"%d;%dR" % (row + 1, column + 1)
            self._replies += b"\x1b[0n" if number == 5 else b"\x1b[" + prefix + place
        elif final == b"p" and middle == b"$":  # DECRQM; 2: known and reset, 0: unknown
            known_mode = prefix == b"?" and number in _KNOWN_MODES
            self._replies += b"\x1b[%s%d;%d$y" % (prefix, number, 2 if known_mode else 0)
        elif final == b"u" and prefix == b"?":  # keyboard protocol: none of its flags
            self._replies += b"\x1b[?0u"
        elif final == b"q" and prefix == b">":
            self._replies += b"\x1bP>|harness(1)\x1b\\"
        elif final == b"t" and number in (14, 16, 18, 19):  # sizes in pixels and in cells
            if number == 14:
                self._replies += b"\x1b[4;%d;%dt" % (rows * 16, columns * 8)
            elif number == 16:
                self._replies += b"\x1b[6;16;8t"
            else:
                self._replies += b"\x1b[%d;%d;%dt" % (number - 10, rows, columns)
        else:
            return False
        return True

    def _scroll_or_back_tab(self, final: bytes, count: int) -> None:
        screen = self._screen
        if final == b"Z":
            screen.cursor.x = max([t for t in screen.tabstops if t < screen.cursor.x], default=0)
            return
        row = screen.cursor.y
        screen.cursor.y = screen.margins.top if screen.margins else 0
        (screen.delete_lines if final == b"S" else screen.insert_lines)(count)
        screen.cursor.y = row
