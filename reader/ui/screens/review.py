"""What would change in a file, before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from reader.records.text import display
from reader.ui.bindings import bindings_for
from reader.ui.commands import BY_ID
from reader.ui.diff import wrapped
from reader.ui.glyphs import Glyphs
from reader.ui.panel_commands import MOVES
from reader.ui.styles import style_sheet
from reader.ui.widgets.bars import FooterBar, StatusBar
from reader.ui.widgets.cells import wrap
from reader.ui.widgets.detail import Detail
from reader.ui.widgets.pieces import Line, Piece

from .panel import move_pane


class Review(Screen[bool]):
    """What would change in the file: saved (True), or not (False): then one goes `back`."""

    CSS_PATH: ClassVar[list[Path]] = [style_sheet("forms.tcss")]  # type: ignore[assignment]  # narrower than the base's union
    takes_early_keys = False
    """Nobody answers what was not there yet to be read."""
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        Binding("enter,y", "save", show=False),
        Binding("escape,n", "back", show=False),
        *bindings_for((BY_ID["leave"], *(BY_ID[id] for id in MOVES))),
        Binding("space", "page", show=False),
    ]

    def __init__(
        self,
        title: str,
        answer: Sequence[Line] | str,
        glyphs: Glyphs,
        *,
        what: str = "Fields",
        back: str = "back to the form",
    ) -> None:
        super().__init__()
        self._title = title
        self._what = what
        self._back = back
        self._answer = answer or "Nothing would change in the file."
        self._can_save = not isinstance(self._answer, str)
        self._status = StatusBar(glyphs)
        self.pane = Detail(glyphs=glyphs)
        self.pane.heading = "CHANGES" if self._can_save else "CANNOT BE SAVED"
        self.footer = FooterBar(glyphs)

    def compose(self) -> ComposeResult:
        yield self._status
        yield self.pane
        yield self.footer

    def on_mount(self) -> None:
        self._status.show((self._what, self._title), ())
        save = [("Enter", "save", True)] if self._can_save else []
        self.footer.show_keys([*save, ("Esc", self._back, True)])
        self.pane.show(self._lines())
        self.pane.focus()

    def on_resize(self) -> None:
        self.pane.show(self._lines(), keep_place=True)

    def _lines(self) -> list[Line]:
        width = self.app.size.width
        if isinstance(self._answer, str):
            said = wrap(display(self._answer), width - 2)
            return [(Piece(f" {line}", "pane--warning"),) for line in said]
        return wrapped(self._answer, width)

    def action_save(self) -> None:
        """Have the changes saved, where they can be."""
        if self._can_save and self.is_current:
            self.dismiss(True)

    def action_back(self) -> None:
        """Back to the form."""
        if self.is_current:
            self.dismiss(False)

    def action_page(self) -> None:
        """Scroll by a page."""
        self.pane.move_page(1)

    def action_run(self, command_id: str, key: str = "") -> None:
        """Move, as a command of the registry says; or back to the form."""
        if command_id == "leave":
            self.action_back()
        else:
            move_pane(self.pane, command_id)
