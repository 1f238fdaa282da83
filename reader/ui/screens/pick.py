"""One of several things, chosen by its key or with the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding

from reader.ui.commands import shown_key
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import Hint
from reader.ui.widgets.cells import fit, fit_right, width_of
from reader.ui.widgets.line_pane import LinePane
from reader.ui.widgets.pieces import Line, Piece

from .panel import MOVES, Edge, Panel, Result, move_pane


@dataclass(frozen=True, slots=True)
class Row(Generic[Result]):
    """One thing to choose; all of it is safe to show."""

    key: str
    """The character that chooses it; empty: only the cursor does."""
    label: str
    result: Result
    number: str = ""
    note: str = ""
    chosen: bool = False


class Rows(LinePane, Generic[Result]):
    """The rows of a `Pick`."""

    def __init__(self, heading: str, rows: Sequence[Row[Result]], glyphs: Glyphs) -> None:
        super().__init__(heading, glyphs=glyphs)
        self.rows = rows
        self.cursor = next((at for at, row in enumerate(rows) if row.chosen), 0)

    @property
    def line_count(self) -> int:
        return len(self.rows)

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        row = self.rows[index]
        numbers = max(width_of(each.number) for each in self.rows)
        labels = max(width_of(each.label) for each in self.rows)
        room = max(8, width - numbers - 8)
        label = fit(row.label, min(labels, room), self.glyphs.ellipsis)
        note = fit(f"  {row.note}", max(0, room - width_of(label)), self.glyphs.ellipsis)
        return (
            Piece(self.glyphs.chosen if row.chosen else " ", "pane--accent"),
            Piece(f"{row.key or ' '}  ", "pane--accent"),
            Piece(f"{label} ", "pane--accent" if row.chosen else ""),
            Piece(f"{fit_right(row.number, numbers)} ", "pane--dim"),
            Piece(note, "pane--dim"),
        )


class Pick(Panel[Result]):
    """Answers with the result of a row: by its key, or Enter on it."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        *MOVES,
        Binding("enter", "take", show=False),
    ]

    def __init__(
        self,
        heading: str,
        rows: Sequence[Row[Result]],
        glyphs: Glyphs,
    ) -> None:
        super().__init__(glyphs)
        self.pane: Rows[Result] = Rows(heading, rows, glyphs)

    def compose(self) -> ComposeResult:
        yield Edge(self.glyphs)
        yield self.pane
        yield self.footer

    def on_resize(self, event: events.Resize) -> None:
        """Take as many lines as there are rows, if there are so many; the footer says if not."""
        self._lay_out(event.size.height)

    def most_lines(self, height: int) -> int:
        """Return how many lines the heading and the rows may take on a screen of so many."""
        return height - 3

    def _lay_out(self, height: int) -> None:
        whole, most = len(self.pane.rows) + 1, max(2, self.most_lines(height))
        self.pane.styles.height = min(whole, most)
        down, up = (shown_key(key, ascii_only=self.ascii_only) for key in ("down", "up"))
        keys: list[Hint] = [("Esc", "leave", True), ("Enter", "choose", True)]
        moves = f"{down} {up}"
        if whole > most:  # there is more than can be seen
            self.footer.show_keys([*keys, (moves, "scroll", True), *self.hints()])
        else:
            self.footer.show_keys([*keys, *self.hints(), (moves, "move", False)])

    def show(self, rows: Sequence[Row[Result]]) -> None:
        """Show the same rows with other numbers."""
        self.pane.rows = rows
        self.pane.redraw()

    def hints(self) -> list[Hint]:
        """Return what more the footer shows."""
        return []

    def on_key(self, event: events.Key) -> None:
        """Choose by a row's own key."""
        for row in self.pane.rows:
            if row.key and event.character == row.key:
                event.stop()
                event.prevent_default()
                self.answer(row.result)
                return

    def on_line_pane_pointed(self, message: LinePane.Pointed) -> None:
        if message.again:
            self.action_take()

    def action_take(self) -> None:
        """Answer with the row under the cursor."""
        if self.pane.rows:
            self.answer(self.pane.rows[self.pane.cursor].result)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Move, as a command of the registry says."""
        move_pane(self.pane, command_id)
