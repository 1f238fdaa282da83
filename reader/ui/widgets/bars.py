"""The one-line bars: status at the top, keys and what happened last at the bottom."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from reader.records.text import clean
from reader.ui.glyphs import Glyphs

from .cells import fit, fit_right, width_of


class StatusBar(Widget):
    """Where one is: the collection and the view left; the order and background work right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "bar--place",
        "bar--dim",
        "bar--warning",
        "bar--accent",
    }

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._place: tuple[str, ...] = ()
        self._right: tuple[tuple[str, str], ...] = ()

    def show(self, place: Sequence[str], right: Sequence[tuple[str, str]]) -> None:
        """Show where one is, and at the right (text, role) parts; role: `dim`, `accent` or
        `warning`."""
        shown = (
            tuple(map(clean, place)),
            tuple((clean(text), role) for text, role in right if text),
        )
        if shown != (self._place, self._right):
            self._place, self._right = shown
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        left = self._glyphs.plain(f" {f' {self._glyphs.crumb} '.join(self._place)}")
        kept = min(width_of(left), width // 2)
        room = width - kept
        right: list[Segment] = []
        for text, role in self._right:
            text = self._glyphs.plain(f"  {text}")
            # How far something is may take more of the place than the rest may.
            more = max(0, kept - width // 3) if role == "accent" else 0
            if width_of(text) <= room + more:
                room -= width_of(text)
                right.append(Segment(text, self.get_component_rich_style(f"bar--{role}")))
        taken = sum(segment.cell_length for segment in right)
        place = fit(left, width - taken, self._glyphs.ellipsis)
        return Strip([Segment(place, self.get_component_rich_style("bar--place")), *right], width)


class Position(Widget):
    """Which record of how many. A widget of its own: it changes at each move, alone."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def show(self, text: str) -> None:
        """Show a position."""
        if text != self._text:
            self._text = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        return Strip([Segment(fit_right(f" {self._text} ", width), self.rich_style)], width)


class FooterBar(Widget):
    """The keys that matter here; at the right what happened last."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"bar--key", "bar--said"}
    STANDS = 2.0
    """Seconds for which what was said can be read, however many keys come; after them it makes room
    for the keys as soon as one is pressed."""

    @dataclass
    class Said(Message):
        """Something was said, for the application: the bar may cut it off, and the next thing takes
        its place."""

        text: str

    def __init__(
        self, glyphs: Glyphs, id: str | None = None, *, said_before_keys: bool = False
    ) -> None:
        """`said_before_keys`: where a key takes away what was said (`make_room`), it has the place of
        all keys if it needs it."""
        super().__init__(id=id)
        self._glyphs = glyphs
        self._said_before_keys = said_before_keys
        self._keys: tuple[tuple[str, str, bool], ...] = ()
        self._said = ""
        self._about = ""
        self._said_at = 0.0
        self._pending: tuple[tuple[str, str], ...] = ()
        self.more: tuple[str, str] | None = None
        """The key, and a word for it, by which what is cut off can be read whole."""

    def show_keys(self, keys: Sequence[tuple[str, str, bool]]) -> None:
        """Show (key, label, always) in this order; what does not fit goes, but for `always`."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.refresh()

    def say(self, text: str, *, about: str = "") -> None:
        """Say what happened last; it stands until something else happens, or it was read. `about`:
        what it is true of, for `no_longer`."""
        text = clean(text)
        self._about = about
        self._said_at = time.monotonic()
        if text and self.is_attached:
            # Not from the bar upward: a screen that has it said would be where that ends.
            self.app.post_message(self.Said(text))
        if text != self._said:
            self._said = text
            self.refresh()

    def make_room(self) -> None:
        """A key was pressed: what was said goes, where it stood long enough to be read."""
        if self._said and time.monotonic() - self._said_at >= self.STANDS:
            self._take_away()

    def no_longer(self, about: str) -> None:
        """This is another one from now on: what was said about it is true no more, and goes."""
        if self._said and self._about == about:
            self._take_away()

    def _take_away(self) -> None:
        self._said = self._about = ""
        self.refresh()

    def pend(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show what may follow the first of two keys, in the place of all else; nothing: no more."""
        if tuple(keys) != self._pending:
            self._pending = tuple(keys)
            self.refresh()

    @property
    def said(self) -> str:
        """What was said last, as long as it stands; else empty."""
        return self._said

    @property
    def about(self) -> str:
        """What that is true of; empty: it stays true."""
        return self._about

    def has_room(self, text: str) -> bool:
        """Whether a text would be said whole."""
        kept = 0 if self._said_before_keys else self._kept()
        return width_of(text) <= self._room_beside(kept)

    def _kept(self) -> int:
        """Return the cells of the keys that stay whatever is said."""
        return sum(_cells(key, label) for key, label, always in self._keys if always)

    def _room_beside(self, kept: int) -> int:
        """Return the cells there are for what is said beside keys of so many."""
        return self.size.width - 2 - (kept + 1 if kept else 0)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        key_style = self.get_component_rich_style("bar--key")
        if self._pending:
            return self._render_pending(width)
        said = self._glyphs.plain(self._said)
        kept = self._kept()
        keys = self._keys
        if self._said_before_keys and width_of(said) > self._room_beside(kept):
            keys = tuple((key, label, False) for key, label, always in keys if always)
            kept = 0
        room = width - 1 - kept
        more: tuple[str, str] | None = None
        if said:
            # What happened comes before what could be pressed.
            most = max(0, self._room_beside(kept))
            if width_of(said) > most and self.more is not None:
                more = f" {self.more[0]}", f" {self.more[1]}"
                most = max(0, most - width_of("".join(more)))
                room -= width_of("".join(more))
            said = fit(said, min(width_of(said), most), self._glyphs.ellipsis)
            room -= width_of(said) + 2
        segments: list[Segment] = [Segment(" ", self.rich_style)]
        used = 1
        for key, label, always in keys:
            size = _cells(key, label)
            if not always:
                if size > room:
                    continue
                room -= size
            segments += [Segment(key, key_style), Segment(f" {label}  ", self.rich_style)]
            used += size
        gap = width - used - width_of(said) - width_of("".join(more or ())) - 1
        said_style = self.get_component_rich_style("bar--said")
        segments.append(Segment(" " * max(0, gap), self.rich_style))
        if more is None:
            segments.append(Segment(f"{said} ", said_style))
        else:
            segments += [
                Segment(said, said_style),
                Segment(more[0], key_style),
                Segment(f"{more[1]} ", self.rich_style),
            ]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _render_pending(self, width: int) -> Strip:
        key_style = self.get_component_rich_style("bar--key")
        segments = [Segment(" ", self.rich_style)]
        for key, label in self._pending:
            segments += [Segment(key, key_style), Segment(f" {label}  ", self.rich_style)]
        return Strip(segments).adjust_cell_length(width, self.rich_style)


def _cells(key: str, label: str) -> int:
    """Return the cells of a key and what it does, with those that keep it apart."""
    return width_of(key) + width_of(label) + 3


class Rule(Widget):
    """A thin vertical line between two panes, a widget of its own so that it is drawn once."""

    def __init__(self, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyph = glyphs.rule

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(self._glyph, self.rich_style)])
