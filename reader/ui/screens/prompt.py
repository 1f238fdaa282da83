"""A line to type: words to look for, a message, a name."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding

from reader.ui.glyphs import Glyphs
from reader.ui.widgets.form_input import FormInput
from reader.ui.widgets.words import Words

from .panel import Edge, Panel


class Prompt(Panel[str]):
    """Asks for one line of text; Enter gives it, Esc is None."""

    AUTO_FOCUS = "FormInput"
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]  # narrower than the base's union
        Binding("enter", "take", show=False, priority=True, id="prompt.take")
    ]

    def __init__(self, heading: str, label: str, glyphs: Glyphs, value: str = "") -> None:
        super().__init__(glyphs)
        self._words = Words(
            (f" {heading}", "accent"), (f"  {label}", "dim"), glyphs=glyphs, folds=True
        )
        self.input = FormInput(value)

    def compose(self) -> ComposeResult:
        yield Edge(self.glyphs)
        yield self._words
        yield self.input
        yield self.footer

    def on_mount(self) -> None:
        self.footer.show_keys([("Enter", "go", True), ("Esc", "leave", True)])

    def action_take(self) -> None:
        """Leave with what was typed."""
        self.answer(self.input.value)
