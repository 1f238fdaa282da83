"""Undo and redo at the desk, and the history of all that was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reader.library.outcome import Became, Outcome, Result, summed_up
from reader.records.decisions import STEPS_ON
from reader.records.shown_value import shown_value

from .jobs import edits
from .jobs.edits import Edits
from .triage import CALM, show_told
from .widgets.pieces import Line, Piece

if TYPE_CHECKING:
    from .screens.desk import Desk


class TakingBack:
    """What keys take back at one desk."""

    def __init__(self, desk: Desk, queue: Edits) -> None:
        self._desk = desk
        self._list = desk.list
        self._edits = queue

    def do_undo(self) -> None:
        if self._may_take_back():
            self._edits.undo()

    def do_redo(self) -> None:
        if self._may_take_back():
            self._edits.redo()

    def _may_take_back(self) -> bool:
        if not self._desk.editing.can_journal:
            self._say(self._desk.editing.why_not)
            return False
        return True

    def taken_back(self, message: edits.TakenBack) -> None:
        """A step was taken back, or there was none, or it could not be."""
        self._desk.triage.progress = None
        word = "undo" if message.is_undo else "redo"
        outcome = message.outcome
        if outcome is None:
            self._say(f"There is nothing to {word}.")
            return
        if message.ids and message.is_undo:
            self._desk.triage.undone(outcome.decision)
        elif message.ids:
            self._desk.triage.made(outcome.decision)
        if outcome.decision.id in STEPS_ON and message.is_undo:
            for record_id in message.ids:
                self._list.step_back(record_id)
        elif outcome.decision.id in STEPS_ON:
            show_told(self._list, outcome.decision, message.ids)
        self._list.kept.update(message.ids)
        self._list.forget_all()
        self._desk.edited(renew=True)
        if len(message.ids) == 1:
            self._desk.listing.put_cursor_on(message.ids[0])
        self._say(summed_up(outcome))
        bad = [each for each in outcome.results if each.became not in (Became.DONE, Became.ALREADY)]
        if bad and outcome.of is not None:
            self._ask_to_force(outcome, bad, message.is_undo)

    def _ask_to_force(self, outcome: Outcome, bad: Sequence[Result], is_undo: bool) -> None:
        from .screens.question import Choice, Question

        word = "undone" if is_undo else "redone"
        lines: list[Line] = [
            (Piece(f"{len(bad):,} of this step could not be {word}:", "pane--strong"),),
            (),
        ]
        for result in bad[:50]:
            lines.append((Piece(f"“{result.title}”"),))
            lines.append((Piece(f"  {result.reason}", "pane--warning"),))
            if result.clash is not None:
                lines.append(
                    (
                        Piece("  it would become ", "pane--dim"),
                        Piece(shown_value(result.clash.wanted, result.clash.field), "pane--accent"),
                    )
                )
        if len(bad) > 50:
            lines.append((Piece(f"and {len(bad) - 50:,} more", "pane--dim"),))
        choices = [Choice("l", "leave it", False)]
        if any(result.became is Became.CLASH for result in bad):
            choices.insert(0, Choice("w", "write mine", True))
        step = outcome.of

        def answered(force: bool | None) -> None:
            if step is None or force is None:
                return
            if force:
                self._edits.undo(step, force=True)
            else:
                self._edits.do(lambda editing: _let_stand(editing, step))

        question = Question(lines, choices, self._desk.glyphs, "NOT ALL", calm=CALM)
        self._desk.app.push_screen(question, answered)

    def do_history(self) -> None:
        from .screens.history import History

        if self._desk.collection.state_path is None:
            self._say(self._desk.editing.why_not)
        else:
            self._desk.app.push_screen(
                History(self._desk.editing, self._edits, self._desk.glyphs, self._desk.now)
            )

    def _say(self, text: str) -> None:
        self._desk.footer.say(text)


def _let_stand(editing: object, step: int) -> edits.NotEdited:
    from reader.library.editing import Editing

    assert isinstance(editing, Editing)
    editing.let_stand(step)
    return edits.NotEdited("It is left as it is.")
