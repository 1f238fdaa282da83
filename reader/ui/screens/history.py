"""The history: what was decided, by whom and when; what each step changed, and its way back."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from reader.library.editing import Editing
from reader.library.journal import Entry, How, JournalError, Step
from reader.library.rows import shown_path
from reader.records.counting import counted
from reader.records.dates import age
from reader.records.text import clean, encodable
from reader.ui.bindings import bindings_of
from reader.ui.folding import broken
from reader.ui.glyphs import Glyphs
from reader.ui.jobs.edits import Edits
from reader.ui.key_hints import hints_of
from reader.ui.styles import style_sheet
from reader.ui.widgets.bars import FooterBar, StatusBar
from reader.ui.widgets.cells import fit, fit_right, width_of
from reader.ui.widgets.detail import Detail
from reader.ui.widgets.line_pane import LinePane
from reader.ui.widgets.pieces import Line, Piece

from .help import show_help
from .panel import move_pane

MOST = 5000
"""Steps that are listed."""
MOST_RECORDS = 500
"""Records of one step whose changes are shown."""
_CHANGE = "   "
"""What a line of a change begins with."""
_MARGIN = len(_CHANGE) + 2
"""Cells before what goes on of one that is too long."""


class Steps(LinePane):
    """One line a step."""

    def __init__(self, clock: Callable[[], float], glyphs: Glyphs) -> None:
        super().__init__("HISTORY", glyphs=glyphs, id="steps")
        self._clock = clock
        self.steps: Sequence[Step] = ()

    @property
    def line_count(self) -> int:
        return len(self.steps)

    def empty_lines(self) -> Sequence[str]:
        return (" Nothing has been decided here yet.",)

    @property
    def current(self) -> Step | None:
        return self.steps[self.cursor] if self.cursor < len(self.steps) else None

    def show(self, steps: Sequence[Step]) -> None:
        """List steps, the cursor where it was as far as that goes."""
        self.steps = steps
        self.move_to(min(self.cursor, max(0, len(steps) - 1)))
        self.redraw()

    def line(self, index: int, width: int, *, at_cursor: bool) -> Line:
        step = self.steps[index]
        is_back = (step.taken_back_by or 0) > 0
        is_one = step.entries == 1
        what = step.decision.label if is_one else step.decision.about(step.entries)
        if step.of is not None:
            what = f"{step.how} {what}"
        when = fit_right(age(int(step.at), int(self._clock())), 5)
        role = "pane--dim" if is_back or step.how is How.UNDO else ""
        who = f"  {fit(encodable(clean(step.who)), min(24, width // 5), self.glyphs.ellipsis)}"
        said = " undone" if is_back and step.how is not How.UNDO else ""
        room = width - 1 - 5 - 2 - width_of(who) - width_of(said)
        text = encodable(clean(what))
        if step.title:
            text = f"{text}  {step.title}" if is_one else f"{text}: {step.title}"
        return (
            Piece(self.glyphs.cursor if at_cursor else " ", "pane--accent"),
            Piece(f"{when}  ", "pane--dim"),
            Piece(fit(text, room, self.glyphs.ellipsis), role),
            Piece(said, "pane--warning"),
            Piece(who, "pane--dim"),
        )


class History(Screen[None]):
    """Steps at the top, what the one under the cursor changed below."""

    CSS_PATH: ClassVar[list[Path]] = [style_sheet("panel.tcss")]  # type: ignore[assignment]  # narrower than the base's union
    AUTO_FOCUS = "#steps"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[Binding]] = bindings_of("History")  # type: ignore[assignment]  # narrower than the base's union

    def __init__(
        self, editing: Editing, queue: Edits, glyphs: Glyphs, clock: Callable[[], float]
    ) -> None:
        super().__init__()
        self._editing = editing
        self._edits = queue
        self.glyphs = glyphs
        self._filter: dict[str, object] = {}
        self._filtered_by = ""
        self.status = StatusBar(glyphs)
        self.steps = Steps(clock, glyphs)
        self.changes = Detail(glyphs=glyphs, id="changes")
        self.changes.heading = "CHANGES"
        self._lines: Sequence[Line] = ()
        """What the step under the cursor changed, as it would be on a screen of any width."""
        self.footer = FooterBar(glyphs)

    def compose(self) -> ComposeResult:
        yield self.status
        yield self.steps
        yield self.changes
        yield self.footer

    def on_mount(self) -> None:
        hints = hints_of(self.app, ascii_only=self.glyphs.ascii_only)
        self.footer.more = hints.more
        self.footer.show_keys(
            hints.footer(
                "!history.undo",
                "!history.undo_since",
                "history.record",
                "history.who",
                "history.day",
                *hints.footer_as("pane.next", "changes"),
                *hints.footer_as("back", "leave", always=True),
                "!help",
            )
        )
        self.call_after_refresh(self.load)

    def load(self) -> None:
        """Read the journal again."""
        try:
            steps = self._editing.steps(limit=MOST, **self._filter)  # type: ignore[arg-type]  # by name
        except JournalError as error:
            self.footer.say(str(error))
            return
        self.steps.show(steps)
        self._show()

    def action_run(self, command_id: str, key: str = "") -> None:
        """Move in the pane that has the focus, or do what the screen's own keys do."""
        self.footer.make_room()
        match command_id:
            case "history.undo":
                self._undo_one()
            case "history.undo_since":
                self._undo_since()
            case "history.record" | "history.who" | "history.day":
                self._list_only(command_id.removeprefix("history."))
            case "pane.next":
                self._to_other_pane()
            case "back" | "leave":
                self._leave()
            case "help" | "messages":
                show_help(self, "History", self.glyphs, command_id)
            case _:
                pane = self.focused if isinstance(self.focused, LinePane) else self.steps
                if move_pane(pane, command_id) and pane is self.steps:
                    self._show()

    def on_line_pane_pointed(self, message: LinePane.Pointed) -> None:
        if message.pane is self.steps:
            self._show()

    def _show(self) -> None:
        place = ["History"]
        if self._filtered_by:
            place.append(self._filtered_by)
        count = f"{self.steps.cursor + 1:,} of {len(self.steps.steps):,}"
        self.status.show(place, [(count if self.steps.steps else "", "dim")])
        step = self.steps.current
        self._lines = () if step is None else self._lines_of(step)
        self._show_changes()

    def on_resize(self) -> None:
        self._show_changes(keep_place=True)

    def _show_changes(self, *, keep_place: bool = False) -> None:
        """Show what the step changed, long lines going on under their text."""
        width = max(2, self.app.size.width - 1)
        lines: list[Line] = []
        for line in self._lines:
            margin = _MARGIN if line and line[0].text.startswith(_CHANGE) else 1
            lines += broken(line, width, margin)
        self.changes.show(lines, keep_place=keep_place)

    def _lines_of(self, step: Step) -> list[Line]:
        at = datetime.fromtimestamp(step.at).strftime("%a %d %b %Y, %H:%M:%S")
        of = f" of step {step.of}" if step.of is not None else ""
        label = step.decision.label
        what = encodable(clean(label if step.entries == 1 else step.decision.about(step.entries)))
        lines: list[Line] = [
            (
                Piece(f" step {step.id}", "pane--strong"),
                Piece(f"  {step.how}{of}: {what}"),
            ),
            (Piece(f" {at} · {encodable(clean(step.who))} · {step.origin}", "pane--dim"),),
        ]
        if (step.taken_back_by or 0) > 0:
            lines.append((Piece(f" taken back by step {step.taken_back_by}", "pane--warning"),))
        entries = self._editing.entries(step.id)
        for entry in entries[:MOST_RECORDS]:
            lines += _entry_lines(entry)
        if len(entries) > MOST_RECORDS:
            more = counted(len(entries) - MOST_RECORDS, "record")
            more = f" and {more} more: reader log has them all"
            lines += [(), (Piece(more, "pane--dim"),)]
        return lines

    # -- what keys do -----------------------------------------------------------------------------
    def _to_other_pane(self) -> None:
        """The focus to the other pane."""
        (self.changes if self.focused is self.steps else self.steps).focus()

    def _leave(self) -> None:
        """Show all again where only some are listed; else leave."""
        if self._filter:
            self._filter, self._filtered_by = {}, ""
            self.load()
        elif self.is_current:
            self.dismiss()

    def _list_only(self, what: str) -> None:
        """List only the steps of this record, person or day."""
        step = self.steps.current
        if step is None:
            return
        if what == "who":
            self._filter = {"who": step.who}
            self._filtered_by = encodable(clean(step.who))
        elif what == "day":
            midnight = datetime.fromtimestamp(step.at).replace(
                hour=0, minute=0, second=0, microsecond=0
            )
            start = midnight.timestamp()
            self._filter = {"since": start, "until": start + 86400}
            self._filtered_by = midnight.strftime("%d %b %Y")
        else:
            entries = self._editing.entries(step.id)
            if not entries:
                return
            self._filter = {"path": os.fsdecode(entries[0].path)}
            self._filtered_by = entries[0].title
        self.steps.cursor = 0
        self.load()

    def _undo_one(self) -> None:
        """Take the step under the cursor back."""
        step = self.steps.current
        if step is None:
            return
        if (step.taken_back_by or 0) > 0:
            self.footer.say(f"Step {step.id} has been taken back already.")
            return
        if self.is_current:
            self._edits.undo(step.id)
            self.dismiss()

    def _undo_since(self) -> None:
        """Take back everything since the step under the cursor, that one included."""
        from .question import Choice, Question

        step = self.steps.current
        if step is None:
            return
        lines: list[Line] = [(Piece(f"Take back everything since step {step.id}, and that too?"),)]
        choices = [Choice("y", "yes", True), Choice("n", "no", False)]

        def answered(yes: bool | None) -> None:
            if yes and self.is_current:
                self._edits.undo_since(step.at)
                self.dismiss()

        self.app.push_screen(Question(lines, choices, self.glyphs, "UNDO"), answered)


def _entry_lines(entry: Entry) -> list[Line]:
    lines: list[Line] = [
        (),
        (Piece(f" {entry.title}"),),
        (Piece(f" {shown_path(entry.path)}", "pane--dim"),),
    ]
    for sign, text in entry.shown():
        role = "pane--good" if sign == "+" else "pane--bad"
        lines.append((Piece(f"{_CHANGE}{sign} {text}", role),))
    return lines
