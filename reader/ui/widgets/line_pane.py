"""A pane of lines with a heading and a cursor: what sidebar, list and detail have in common.

It renders only the lines that are visible (Line API) and has a fixed size: nothing it does lays
the screen out again, and moving the cursor repaints two lines. At the edge it moves on by half a
page, because each line that scrolls costs bytes on the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from reader.records.text import clean
from reader.ui.glyphs import UNICODE, Glyphs

from .cells import fit, width_of, wrap
from .pieces import Line, Piece


class LinePane(Widget, can_focus=True):
    """Lines by number, drawn on demand.

    | Class | Description |
    | :- | :- |
    | `pane--heading` | The first line, while another pane has the focus. |
    | `pane--focused` | The first line, while this pane has the focus. |
    | `pane--cursor` | Background of the cursor's line, with the focus. |
    | `pane--resting` | Background of the cursor's line, without the focus. |
    | `pane--dim` | What is secondary. |
    | `pane--strong` | What is new. |
    | `pane--accent` | What is chosen; links. |
    | `pane--found` | Words that a query asks for. |
    | `pane--good` `pane--bad` `pane--open` `pane--warning` | States. |
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "pane--heading",
        "pane--focused",
        "pane--cursor",
        "pane--resting",
        "pane--dim",
        "pane--strong",
        "pane--accent",
        "pane--found",
        "pane--good",
        "pane--bad",
        "pane--open",
        "pane--warning",
    }

    @dataclass
    class Pointed(Message):
        """The mouse put the cursor on a line; `again`: it was there already."""

        pane: LinePane
        again: bool

        @property
        def control(self) -> LinePane:
            return self.pane

    def __init__(self, heading: str, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self.heading = heading
        self.glyphs = glyphs
        self.cursor = 0
        self.top = 0
        self.row_height = 1
        """Lines of the screen that a line of the pane takes: 1 or 2."""
        self._role_styles: dict[tuple[str, str], Style] = {}
        self._drawn: dict[int, tuple[Line, str]] = {}
        self._covered = 0

    # -- what a pane holds: for those who inherit ---------------------------------------------
    @property
    def line_count(self) -> int:
        """How many lines there are, the heading apart."""
        return 0

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        """Return line `index`, drawn for `width` cells."""
        raise NotImplementedError  # each pane has its own

    def heading_line(self, width: int, role: str) -> Line:
        """Return the first line, the heading in `role`."""
        return (Piece(fit(f" {self.heading}", width), role),)

    def second_line(self, index: int, width: int) -> Line:
        """Return what stands under line `index`, where a row takes two."""
        return ()

    def empty_lines(self) -> Sequence[str]:
        """Return what to say where there are no lines."""
        return ()

    def can_rest(self, index: int) -> bool:
        """Whether the cursor may stand on a line."""
        return True

    # -- moving ---------------------------------------------------------------------------------
    @property
    def page(self) -> int:
        """How many lines are visible, at least one."""
        return self._page_of(self.size.height)

    def _page_of(self, height: int) -> int:
        return max(1, (height - 1 - self._covered) // self.row_height)

    def cover(self, lines: int) -> None:
        """Something else lies over so many lines at the bottom: the cursor stays above them."""
        if lines != self._covered:
            self._covered = lines
            self._bring_into_view()
            self.redraw()

    def move(self, by: int) -> bool:
        """Move the cursor by so many lines; whether it moved."""
        return self.move_to(self.cursor + by, 1 if by > 0 else -1)

    def move_to(self, index: int, direction: int = 1) -> bool:
        """Put the cursor on a line (the nearest where it can rest); whether it moved."""
        count = self.line_count
        if not count:
            return False
        index = self._resting(max(0, min(count - 1, index)), direction)
        old, self.cursor = self.cursor, index
        if old == index:
            return False
        if self._bring_into_view():
            self.redraw()
        else:
            self.refresh_line(old)
            self.refresh_line(index)
        return True

    def _resting(self, index: int, direction: int) -> int:
        count = self.line_count
        for step in (direction, -direction):
            at = index
            while 0 <= at < count:
                if self.can_rest(at):
                    return at
                at += step
        return self.cursor

    def _bring_into_view(self) -> bool:
        """Scroll by half a page or more so that the cursor is visible; whether it scrolled."""
        page, count, old = self.page, self.line_count, self.top
        if self.cursor < self.top:
            self.top = self.cursor - page // 2 if self.top - self.cursor <= page else self.cursor
        elif self.cursor >= self.top + page:
            near = self.cursor - (self.top + page) < page
            self.top = self.cursor - page // 2 if near else self.cursor - page + 1
        self.top = max(0, min(self.top, count - page))
        return self.top != old

    def scroll_by(self, lines: int) -> bool:
        """Scroll by so many lines, taking the cursor along at the edges; whether it scrolled."""
        page, count = self.page, self.line_count
        top = max(0, min(self.top + lines, count - page))
        if top == self.top:
            return False
        self.top = top
        if count:
            inside = max(top, min(self.cursor, top + page - 1))
            self.cursor = self._resting(inside, 1 if lines > 0 else -1)
        self.redraw()
        return True

    def move_page(self, pages: float) -> bool:
        """Scroll by (half) pages, the cursor keeping its place on the screen."""
        by = int(self.page * pages) or (1 if pages > 0 else -1)
        old = self.cursor
        self.top = max(0, min(self.top + by, self.line_count - self.page))
        moved = self.move_to(old + by, 1 if by > 0 else -1)
        if moved:
            self.redraw()
        return moved

    @property
    def cursor_place(self) -> Offset:
        """Where the cursor's line begins on the screen; the heading's, where there are no lines."""
        shown = 0 <= self.cursor < self.line_count and self.cursor >= self.top
        y = 0
        if shown:
            y = min(self.cursor - self.top, self.page - 1) * self.row_height + 1
        return self.region.offset + Offset(0, y)

    # -- drawing --------------------------------------------------------------------------------
    def refresh_line(self, index: int) -> None:
        """Have one line drawn again, if it is visible."""
        y = (index - self.top) * self.row_height + 1
        if 1 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, self.row_height))

    def set_heading(self, heading: str) -> None:
        """Change the first line."""
        if heading != self.heading:
            self.heading = heading
            self.refresh(Region(0, 0, self.size.width, 1))

    def redraw(self) -> None:
        """Have drawn again what differs from what stands on the screen, and nothing else."""
        width, height = self.size
        changed = [y for y in range(height) if self._drawn.get(y) != self._at(y, width, height)]
        if changed:  # in one go: each time it is asked for costs the same
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def _at(self, y: int, width: int, height: int) -> tuple[Line, str]:
        """Return what belongs on a line of a pane of that size, and the background it has."""
        if y == 0:
            role = "pane--focused" if self.has_focus else "pane--heading"
            return self.heading_line(width, role), ""
        index, below = divmod(y - 1, self.row_height)
        index += self.top
        if index >= self.line_count or index >= self.top + self._page_of(height):
            said = self._empty_wrapped(width) if not self.line_count else ()
            text = said[y - 2] if 0 <= y - 2 < len(said) else ""
            return [Piece(text, "pane--dim")], ""
        at_cursor = index == self.cursor
        row = ("pane--cursor" if self.has_focus else "pane--resting") if at_cursor else ""
        if below:
            return self.second_line(index, width), row
        return self.line(index, width, at_cursor=at_cursor), row

    def _empty_wrapped(self, width: int) -> list[str]:
        """Return what is said where there are no lines, each going on under where it began."""
        lines: list[str] = []
        for said in self.empty_lines():
            margin = " " * (len(said) - len(said.lstrip(" ")))
            lines += [margin + part for part in wrap(said, max(1, width - len(margin)))]
        return lines

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        self._drawn[y] = line, row = self._at(y, width, height)
        segments: list[Segment] = []
        text, style = "", self.role_style("", row)
        taken = 0
        for piece in (*line, None):
            if piece is None:  # the rest of the row
                room = width - taken
                if room <= 0:
                    break
                piece = Piece(" " * room)
            elif not piece.text.isprintable():
                # Whoever made the line has seen to that; this is the wall behind the door.
                piece = piece._replace(text=clean(piece.text))
            if not piece.text.isascii():
                piece = piece._replace(text=self.glyphs.plain(piece.text))
            wanted = self.role_style(piece.role, row)
            if piece.style is not None:
                wanted += piece.style
            taken += width_of(piece.text)
            # Neighbours of one style are one segment, and spaces take the style before them
            # where that shows no difference: fewer bytes on the wire.
            if wanted == style or (
                not wanted.underline
                and not style.underline
                and wanted.bgcolor == style.bgcolor
                and wanted.reverse == style.reverse
                and piece.text.isspace()
            ):
                text += piece.text
            else:
                if text:
                    segments.append(Segment(text, style))
                text, style = piece.text, wanted
        if text:
            segments.append(Segment(text, style))
        strip = Strip(segments, max(taken, width))
        return strip if taken <= width else strip.crop(0, width)

    def role_style(self, role: str, row: str = "") -> Style:
        """Return the style of a role (a component class) on a row with a background of its own."""
        style = self._role_styles.get((role, row))
        if style is None:
            style = self.get_component_rich_style(role) if role else self.rich_style
            if row:
                of_row = self.get_component_rich_style(row, partial=True)
                if of_row.reverse:  # colours of its own would become its background's
                    style = self.rich_style + Style(bold=style.bold, underline=style.underline)
                style += of_row
            self._role_styles[role, row] = style
        return style

    def notify_style_update(self) -> None:
        self._role_styles.clear()
        super().notify_style_update()

    def _refresh_focus(self) -> None:
        self.refresh(Region(0, 0, self.size.width, 1))
        self.refresh_line(self.cursor)

    def on_focus(self) -> None:
        self._refresh_focus()

    def on_blur(self) -> None:
        self._refresh_focus()

    def on_resize(self) -> None:
        if self._bring_into_view():
            self.refresh()  # it may have been painted in its new size already

    # -- the mouse ------------------------------------------------------------------------------
    def _forward_event(self, event: events.Event) -> None:
        # Before it is queued: a key that comes after it, and is answered at once, is for this line.
        if isinstance(event, events.Click):
            self._clicked(event.y)
        elif isinstance(event, events.MouseScrollDown | events.MouseScrollUp):
            if self.scroll_by(3 if isinstance(event, events.MouseScrollDown) else -3):
                self.post_message(self.Pointed(self, again=False))
            event.stop()
        super()._forward_event(event)

    def _clicked(self, y: int) -> None:
        index = self.top + (y - 1) // self.row_height
        if y < 1 or index >= self.line_count or not self.can_rest(index):
            return
        moved = self.move_to(index)
        self.post_message(self.Pointed(self, again=not moved))
