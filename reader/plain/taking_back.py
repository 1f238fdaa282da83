"""Taking back in the line mode: undo, redo, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reader.library.outcome import Became, Outcome
from reader.records.sentences import sentence
from reader.records.text import clean, display
from reader.terminal.stopping import stoppable

from .telling import path_shown, step_line

if TYPE_CHECKING:
    from .session import Session


class TakingBack:
    """The commands that take decisions back, and list them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listing = session.listing
        self._editing = session.editing

    def do_undo(self, rest: str) -> None:
        if rest and not (rest.isascii() and rest.isdigit() and len(rest) < 18):
            self._session.fail(f"undo takes the number of a step; {self._history} lists them.")
            return
        if not self._can_journal():
            return
        if rest and self._editing.step(int(rest)) is None:
            self._session.fail(f"There is no step {rest}; {self._history} lists them.")
            return
        with stoppable() as stopped:
            outcome = self._editing.undo(int(rest) if rest else None, cancelled=stopped.is_set)
        self._taken_back(outcome, "undo")

    def do_redo(self, rest: str) -> None:
        if self._can_journal():
            with stoppable() as stopped:
                outcome = self._editing.redo(cancelled=stopped.is_set)
            self._taken_back(outcome, "redo")

    def _taken_back(self, outcome: Outcome | None, word: str) -> None:
        if outcome is None:
            self._session.say(f"There is nothing to {word}.")
            return
        clashes = [each for each in outcome.results if each.became is Became.CLASH]
        ids = self._editing.ids_of(outcome)
        self._session.deciding.note_own(ids)
        if len(ids) == 1 and ids[0] not in self._listing.ids:
            self._listing.renew()
        is_here = len(ids) == 1 and ids[0] in self._listing.ids
        if is_here and len(outcome.results) == 1:  # its line says the title
            self._session.say(sentence(f"{word} of {outcome.made(outcome.results[0]).label}"))
        else:
            self._session.deciding.tell(outcome)
        if clashes and outcome.of is not None:
            answers = {"mine": "mine", "leave": "leave", "m": "mine", "l": "leave", "": "leave"}
            question = "Others have changed it since: write mine, or leave it?"
            instead = f"`reader undo {outcome.of} --force` in the shell writes yours."
            answer = self._session.console.ask(question, answers, instead=instead)
            if answer == "mine":
                forced = self._editing.undo(outcome.of, force=True)
                if forced is not None:
                    self._session.deciding.tell(forced)
            else:
                self._editing.let_stand(outcome.of)
                tell = self._session.say if answer else self._session.fail
                tell("It is left as it is.")
        if is_here:
            self._session.going.go_to(self._listing.ids.index(ids[0]))

    def do_history(self, rest: str) -> None:
        """Say what was decided, the latest first; `rest`: what one step changed."""
        if not self._can_journal():
            return
        now = self._session.now
        if not rest:
            lines = [display(step_line(step, now)) for step in self._editing.steps(limit=200)]
            self._session.console.page(lines or ["Nothing has been decided here."])
            return
        number = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 18 else 0
        step = self._editing.step(number)
        if step is None:
            self._session.fail(f"There is no step {clean(rest[:20])}; {self._history} lists them.")
            return
        self._session.say(display(step_line(step, now)))
        self._session.console.page(self._changes(number))

    def _changes(self, step: int) -> Iterator[str]:
        """Yield what a step changed, file by file."""
        for entry in self._editing.entries(step):
            yield f"{path_shown(entry.path)}: {display(entry.title)}"
            for sign, line in entry.shown():
                yield f"{'was' if sign == '-' else 'became'} {line}"

    @property
    def _history(self) -> str:
        return self._session.words.name_of("history")

    def _can_journal(self) -> bool:
        if not self._editing.can_journal:
            self._session.fail(self._editing.why_not)
        return self._editing.can_journal
