"""A screen of lines to look at: what raw file, link and key help have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from reader.ui.bindings import bindings_of
from reader.ui.folding import folded
from reader.ui.glyphs import Glyphs
from reader.ui.key_hints import Hint, hints_of
from reader.ui.widgets.bars import FooterBar
from reader.ui.widgets.detail import Detail
from reader.ui.widgets.pieces import Line

from .panel import move_pane


class Pager(Screen[None]):
    """Lines under a heading; Esc or q leaves."""

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[Binding]] = bindings_of("Pages")  # type: ignore[assignment]  # narrower than the base's union
    NAME: ClassVar[str] = "Pages"
    """What it is called where screens and their keys are listed; empty: it is about keys or messages
    itself, and has no help of its own."""

    PANE: ClassVar[type[Detail]] = Detail
    FOLDS: ClassVar[bool] = False
    """Whether lines that are too long for the screen go on below."""

    def __init__(
        self, heading: str, lines: Sequence[Line], glyphs: Glyphs, *, folds: bool = False
    ) -> None:
        super().__init__()
        self._folds = folds or self.FOLDS
        self._lines = lines
        self.glyphs = glyphs
        self.pane = self.PANE(glyphs=glyphs)
        self.pane.heading = heading
        self.footer = FooterBar(glyphs)

    def compose(self) -> ComposeResult:
        yield self.pane
        yield self.footer

    def on_mount(self) -> None:
        self.show(self._lines)
        self.pane.focus()
        self.footer.show_keys(self.hints())

    def hints(self) -> list[Hint]:
        """Return what the footer shows."""
        hints = hints_of(self.app, ascii_only=self.glyphs.ascii_only)
        return [
            *hints.footer_as("back", "back", always=True),
            *(hints.footer("!help") if self.NAME else ()),
            *hints.footer("move.down", "move.up"),
            *(hints.footer("messages") if self.NAME else ()),
        ]

    def show(self, lines: Sequence[Line], *, keep_place: bool = False) -> None:
        """Show lines, as many as they take at this width."""
        self._lines = lines
        if self._folds:
            width = max(2, self.app.size.width - 1)
            lines = [part for line in lines for part in self.fold(line, width)]
        self.pane.show(lines, keep_place=keep_place)

    def fold(self, line: Line, width: int) -> Iterable[Line]:
        """Return a line in as many as it takes."""
        return folded(line, width)

    def on_resize(self) -> None:
        """Fold for the new width."""
        if self._folds:
            self.show(self._lines, keep_place=True)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Run one of the few commands that make sense here."""
        if command_id.startswith("move."):
            move_pane(self.pane, command_id)
        elif command_id in ("help", "messages"):
            if self.NAME:
                from .help import show_help

                show_help(self, self.NAME, self.glyphs, command_id)
        else:
            self.leave()

    def leave(self) -> None:
        """Go back. More keys may be on their way: only the first one counts."""
        if self.is_current:
            self.dismiss()
