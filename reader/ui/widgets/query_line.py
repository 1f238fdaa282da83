"""The line of the query: shown while one is on, typed into after `/`, and what stands under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from reader.records.text import display
from reader.ui.glyphs import Glyphs
from reader.ui.typed_line import TypedLine

from .cells import fit, fit_right, width_of, wrap
from .line_pane import LinePane
from .pieces import Line, Piece

if TYPE_CHECKING:
    from reader.records.querying.completing import Completion

_REVERSE = Style(reverse=True)


class QueryLine(Widget, can_focus=True):
    """`/`, the query, and at the right how many records it asks for. Its screen takes the keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"query--sign", "query--wrong", "query--count"}
    alt_keys = ("alt+b", "alt+d", "alt+f")
    """Those of `TypedLine` that most terminals send as Esc and a letter."""

    @dataclass
    class Clicked(Message):
        """The mouse asks for it to be typed into."""

    def __init__(self, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self.line = TypedLine()
        self.is_open = False
        """Whether it is typed into."""
        self._count = ""
        self._wrong: tuple[int, int] | None = None
        self.left = 0
        """The first character that is seen."""

    def show(self, count: str, wrong: tuple[int, int] | None = None) -> None:
        """Show the line as it is now; `count` beside it; `wrong`: from which character to which
        it cannot be understood."""
        self._count = count
        self._wrong = wrong
        self.refresh()

    @property
    def room(self) -> int:
        """How many cells of the text are seen."""
        return max(1, self.size.width - 3 - width_of(self._count) - 2)

    def cell_of(self, at: int) -> int:
        """Return in which column a character stands."""
        return 3 + width_of(self.line.text[self.left : max(self.left, at)])

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen one types, for the terminal's own cursor."""
        column = min(self.cell_of(self.line.at), max(0, self.size.width - 1))
        return self.region.offset + Offset(column, 0)

    def _scroll(self) -> None:
        text, at = self.line.text, self.line.at if self.is_open else 0
        self.left = min(self.left, at)
        if width_of(text) < self.room:
            self.left = 0
        while self.left < at and width_of(text[self.left : at]) >= self.room:
            self.left += max(1, min(8, at - self.left))

    def render_line(self, y: int) -> Strip:
        self._scroll()
        width, room = self.size.width, self.room
        sign = self.get_component_rich_style("query--sign")
        segments = [Segment(" / ", sign)]
        taken = 0
        at = self.left
        for character in self.line.text[self.left :]:
            size = width_of(character)
            if taken + size > room:
                break
            segments.append(Segment(character, self._style_at(at)))
            taken += size
            at += 1
        if self.is_open and self.line.at >= at and taken < room:
            segments.append(Segment(" ", self.rich_style + _REVERSE))
            taken += 1
        elif at < len(self.line.text) and not self.is_open and room > 1:
            segments[-1] = Segment(self._glyphs.ellipsis, self.rich_style)
        count = self.get_component_rich_style("query--count")
        segments += [
            Segment(" " * max(0, room - taken), self.rich_style),
            Segment(f" {self._count} ", count),
        ]
        return Strip(_joined(segments)).adjust_cell_length(width, self.rich_style)

    def _style_at(self, at: int) -> Style:
        style = self.rich_style
        if self._wrong is not None and self._wrong[0] <= at < self._wrong[1]:
            style = self.get_component_rich_style("query--wrong")
        return style + _REVERSE if self.is_open and at == self.line.at else style

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Clicked())


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Return neighbours of one style as one segment: fewer bytes on the wire."""
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1].style == segment.style:
            joined[-1] = Segment(joined[-1].text + segment.text, segment.style)
        else:
            joined.append(segment)
    return joined


class UnderLine(Widget):
    """Under the line that is typed into: the keys it takes, or what is wrong, under the part that
    is wrong."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"under--key", "under--wrong"}

    def __init__(self, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._keys: Sequence[tuple[str, str]] = ()
        self._wrong = ""
        self._lines: list[str] = []
        self.column = 0
        """Where the carets stand."""

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show (key, label)."""
        if self._wrong or keys != self._keys:
            self._keys, self._wrong, self._lines = keys, "", []
            self.styles.height = 1
            self.refresh()

    def show_wrong(self, reason: str, column: int, length: int) -> None:
        """Show what is wrong with so many cells of the line above, from a column on."""
        self._wrong = reason
        width = self.size.width or self.app.size.width  # not laid out yet: it takes all of a line
        self.column = max(0, min(column, width - 2))
        carets = "^" * max(1, min(length, width - self.column - 1))
        after = width - self.column - len(carets) - 2
        if width_of(reason) <= after:
            self._lines = [f"{' ' * self.column}{carets} {reason}"]
        elif width_of(reason) < self.column:
            self._lines = [f"{fit_right(reason, self.column - 1)} {carets}"]
        else:  # no room beside them
            wrapped = [f" {line}" for line in wrap(reason, width - 2)][:3]
            self._lines = [f"{' ' * self.column}{carets}", *wrapped]
        self.styles.height = len(self._lines)
        self.refresh()

    @property
    def said(self) -> str:
        """What is wrong; empty where nothing is."""
        return self._wrong

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if not self._wrong:
            return self._render_keys(width)
        style = self.get_component_rich_style("under--wrong")
        text = self._lines[y] if y < len(self._lines) else ""
        return Strip([Segment(text, style)]).adjust_cell_length(width, self.rich_style)

    def _render_keys(self, width: int) -> Strip:
        key_style = self.get_component_rich_style("under--key")
        segments = [Segment(" ", self.rich_style)]
        room = width - 1
        for key, label in self._keys:
            size = width_of(key) + width_of(label) + 3
            if size > room:
                continue
            room -= size
            segments += [Segment(key, key_style), Segment(f" {label}  ", self.rich_style)]
        return Strip(segments).adjust_cell_length(width, self.rich_style)


class Candidates(LinePane):
    """What the word under the cursor could be completed to."""

    can_focus = False
    MOST = 8

    def __init__(self, *, glyphs: Glyphs, id: str | None = None) -> None:
        super().__init__("", glyphs=glyphs, id=id)
        self.found: Sequence[Completion] = ()

    @property
    def line_count(self) -> int:
        return len(self.found)

    def show(self, found: Sequence[Completion], at: int) -> None:
        """Show what there is, the cursor on one of them."""
        self.found = found
        self.styles.height = min(self.MOST, len(found)) + 1
        self.set_heading(f"{len(found)} to choose from")
        self.cursor = at
        self._bring_into_view()
        self.redraw()

    def choose(self, at: int) -> None:
        """Put the cursor on one of them."""
        self.move_to(at)

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        each = self.found[index]
        count = "" if each.count is None else f"{each.count:,}"
        told = "" if each.count is not None else display(each.label)
        room = max(4, width - width_of(count) - 4)
        text = display(each.text)
        first = fit(text, min(room, max(16, width_of(text))), self.glyphs.ellipsis)
        rest = fit(f"  {told}", room - width_of(first), self.glyphs.ellipsis)
        return (
            Piece(self.glyphs.cursor if at_cursor else " ", "pane--accent"),
            Piece(f" {first}"),
            Piece(rest, "pane--dim"),
            Piece(f"{count} ", "pane--dim"),
        )
