"""Lines of styled text as cells: what stands in each, and how sure its width is."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from rich.cells import cell_len, get_character_cell_size

from .pens import Pen, blank_pen, pen_of

if TYPE_CHECKING:
    from rich.color import ColorSystem
    from textual.strip import Strip

_JOINER = "\u200d"
_WIDE = (
    (0x1100, 0x115F),
    (0x2E80, 0xA4CF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE6F),
    (0xFF01, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x20000, 0x3FFFD),
)
"""Where all terminals agree on two cells: the scripts of East Asia."""


class Kind(IntEnum):
    """How far one can rely on the cursor after a character."""

    PLAIN = 0
    """One cell, everywhere."""
    WIDE = 1
    """Two cells, everywhere; also the second of them."""
    AMBIGUOUS = 2
    """One cell, but two in some terminals: no relative move after it."""
    ODD = 3
    """Emoji, combinations, scripts that are shaped: terminals differ. Its line is sent whole."""


class Row:
    """The cells of a line. A character of two cells has an empty text in the second."""

    __slots__ = ("pens", "texts")

    def __init__(self, texts: list[str], pens: list[Pen]) -> None:
        self.texts = texts
        self.pens = pens

    @classmethod
    def blank(cls, width: int, pen: Pen) -> Row:
        """Return a line of spaces."""
        return cls([" "] * width, [pen] * width)

    def copy(self) -> Row:
        return Row(self.texts[:], self.pens[:])

    def put(self, at: int, texts: list[str], pens: list[Pen]) -> None:
        """Write cells over those from `at` on; half a character that is left becomes a space."""
        width = len(self.texts)
        end = min(at + len(texts), width)
        if at < width and not self.texts[at]:
            self.texts[at - 1] = " "
        if end < width and not self.texts[end]:
            self.texts[end] = " "
        self.texts[at:end] = texts[: end - at]
        self.pens[at:end] = pens[: end - at]
        if end == width and end > at and cell_len(self.texts[-1]) > 1:
            self.texts[-1] = " "


def cells_of(strips: Iterable[Strip], colours: ColorSystem) -> tuple[list[str], list[Pen]]:
    """Return texts and pens of the cells that strips take."""
    texts: list[str] = []
    pens: list[Pen] = []
    for strip in strips:
        runs = (
            (text, Pen() if style is None else pen_of(style, colours))
            for text, style, control in strip
            if not control
        )
        _add(runs, strip.cell_length, texts, pens)
    return texts, pens


def cells_of_runs(runs: Iterable[tuple[str, Pen]], length: int) -> tuple[list[str], list[Pen]]:
    """Return texts and pens of `length` cells, of runs of text and the pen of each."""
    texts: list[str] = []
    pens: list[Pen] = []
    _add(runs, length, texts, pens)
    return texts, pens


def _add(runs: Iterable[tuple[str, Pen]], length: int, texts: list[str], pens: list[Pen]) -> None:
    begun = len(texts)
    for text, pen in runs:
        if not text:
            continue
        if text.isascii():
            split: list[str] = list(text)
        else:
            split = _split(text)
        texts += split
        blank = blank_pen(pen)
        if blank is pen or " " not in split:
            pens += [pen] * len(split)
        else:
            pens += [blank if each == " " else pen for each in split]
    _fit(texts, pens, begun + length)


def _fit(texts: list[str], pens: list[Pen], length: int) -> None:
    """Hold to the length that the toolkit reckons with, whatever characters add up to."""
    missing = length - len(texts)
    if missing > 0:
        texts += [" "] * missing
        pens += [blank_pen(pens[-1]) if pens else Pen()] * missing
    elif missing < 0:
        del texts[length:], pens[length:]
        if texts and cell_len(texts[-1]) > 1:
            texts[-1] = " "


@lru_cache(maxsize=4096)
def _split(text: str) -> list[str]:
    """Split into what stands in each cell. The list is shared: not to be changed."""
    clusters: list[str] = []
    for character in text:
        joins = clusters and (
            clusters[-1].endswith(_JOINER) or get_character_cell_size(character) == 0
        )
        if joins:
            clusters[-1] += character
        else:
            clusters.append(character)
    cells: list[str] = []
    for cluster in clusters:
        width = cell_len(cluster)
        if width:
            cells += [cluster, *[""] * (width - 1)]
        elif cells:  # nothing that shows, and nothing before it that it could belong to
            cells[-1] += cluster
    return cells


@lru_cache(maxsize=8192)
def kind(text: str) -> Kind:
    """Return what to expect of a cell's text."""
    if text == "":
        return Kind.WIDE
    if len(text) > 1:
        return Kind.ODD
    code = ord(text)
    if code < 0x7F:
        return Kind.PLAIN
    width = get_character_cell_size(text)
    if width == 2:
        return Kind.WIDE if any(first <= code <= last for first, last in _WIDE) else Kind.ODD
    if width != 1:
        return Kind.ODD
    if code < 0x590 or 0x1E00 <= code < 0x2000:
        return Kind.AMBIGUOUS if east_asian_width(text) == "A" else Kind.PLAIN
    return Kind.AMBIGUOUS if 0x2000 <= code < 0x2C00 else Kind.ODD
