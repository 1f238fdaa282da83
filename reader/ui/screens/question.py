"""A question with a few answers, one key each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding

from reader.records.text import clean
from reader.ui.body_wrap import Span, wrap
from reader.ui.commands import shown_key
from reader.ui.glyphs import Glyphs
from reader.ui.widgets.cells import fit, width_of
from reader.ui.widgets.passage import Passage
from reader.ui.widgets.pieces import Line, Piece

from .panel import MOVES, Edge, Panel, Result, move_pane


@dataclass(frozen=True, slots=True)
class Choice(Generic[Result]):
    """An answer: the key that gives it (as Textual names it), and what the question returns."""

    key: str
    label: str
    result: Result


class Question(Panel[Result]):
    """Shows lines and the choices under them; a key answers, Esc is None.

    Lines are wrapped, and scroll where there are too many. Pasted text and other keys do nothing.
    With `calm`, an answer counts only after so many seconds without a key: for a question that
    came up in the midst of keys which were not meant for it.
    """

    takes_early_keys = False
    """Nobody answers what was not there yet to be read."""
    BINDINGS: ClassVar[list[Binding]] = MOVES  # type: ignore[assignment]  # narrower than the base's union

    def __init__(
        self,
        lines: Sequence[Line],
        choices: Sequence[Choice[Result]],
        glyphs: Glyphs,
        heading: str,
        *,
        calm: float = 0,
    ) -> None:
        super().__init__(glyphs)
        self._lines = lines
        self._choices = choices
        self._calm = calm
        self._last_key = time.monotonic()
        self.text = Passage(glyphs=glyphs, id="text")
        self.text.heading = clean(heading)
        self.answers = Passage(glyphs=glyphs, id="answers")
        self.answers.heading = ""  # the blank line between text and choices
        self.answers.can_focus = False

    def compose(self) -> ComposeResult:
        yield Edge(self.glyphs)
        yield self.text
        yield self.answers
        yield self.footer

    def on_resize(self, event: events.Resize) -> None:
        """Wrap for the new width, and share the height out: the choices first."""
        width, height = event.size
        lines = [folded for line in self._lines for folded in _fold(line, width - 2)]
        room = height - 2  # rule and footer
        most = max(2, room - len(self._choices) - 1)
        text_height = min(len(lines) + 1, most)
        self.text.styles.height = text_height
        self.answers.styles.height = len(self._choices) + 1
        self.text.show(lines, keep_place=True)
        self.answers.show(self._answer_lines(width))
        keys = [("Esc", "leave", True)]
        if len(lines) >= text_height:
            down, up = (shown_key(key, ascii_only=self.ascii_only) for key in ("down", "up"))
            keys.append((f"{down} {up}", "scroll", True))
        self.footer.show_keys(keys)

    def _answer_lines(self, width: int) -> list[Line]:
        keys = [shown_key(choice.key, ascii_only=self.ascii_only) for choice in self._choices]
        room = max(map(width_of, keys), default=0)
        return [
            (
                Piece(f" {fit(key, room)}  ", "pane--accent"),
                Piece(fit(clean(choice.label), width - room - 4, self.glyphs.ellipsis)),
            )
            for key, choice in zip(keys, self._choices, strict=True)
        ]

    def on_key(self, event: events.Key) -> None:
        waited = event.time - self._last_key
        self._last_key = event.time
        for choice in self._choices:
            if choice.key in (event.key, event.character):
                event.stop()
                if waited >= self._calm:
                    self.answer(choice.result)
                return

    def action_run(self, command_id: str, key: str = "") -> None:
        """Scroll, as a command of the registry says."""
        move_pane(self.text, command_id)


def _fold(line: Line, width: int) -> list[Line]:
    """Return a line in as many as it takes, each with a margin and the line's own indent."""
    pieces = [Piece(clean(piece.text), piece.role, piece.style) for piece in line]
    text = "".join(piece.text for piece in pieces)
    if width_of(text) <= width:
        return [(Piece(" "), *pieces)]
    indent = min(len(text) - len(text.lstrip(" ")), max(0, width // 2))
    margin = Piece(" " * (1 + indent))
    spans = [Span(piece.text, at) for at, piece in enumerate(pieces)]
    return [
        (margin, *(Piece(text, pieces[at].role, pieces[at].style) for text, at in folded))
        for folded in wrap(spans, max(2, width - indent))
    ]
