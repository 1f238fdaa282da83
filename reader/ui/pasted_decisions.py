"""Decisions that came with pasted text: taken out before a file sees them, and asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .jobs.edits import Edits, Job
from .triage import CALM
from .widgets.pieces import Line, Piece
from .widgets.row_lines import Decided

if TYPE_CHECKING:
    from .screens.desk import Desk


class PastedDecisions:
    """Those of one desk."""

    def __init__(self, desk: Desk, queue: Edits) -> None:
        self._desk = desk
        self._list = desk.list
        self._edits = queue
        self._withdrawn: list[Job] = []
        """What is being asked about."""
        self._withdrawn_rows: dict[int, Decided | None] = {}

    def withdraw(self) -> bool:
        """Many keys have come at once: take out the decisions among them that no file has seen, and
        ask about them; return whether there were any."""
        withdrawn = self._edits.withdraw()
        if not withdrawn:
            return False
        for job in withdrawn:
            for record_id in job.ids:
                self._withdrawn_rows[record_id] = self._list.decided.get(record_id)
                self._list.decide(record_id, None)
        self._withdrawn += withdrawn
        if len(self._withdrawn) == len(withdrawn):
            self._ask_about_pasted()
        return True

    def _ask_about_pasted(self) -> None:
        from .screens.question import Choice, Question

        while self._desk.app.screen is not self._desk:  # what the same keys have opened
            self._desk.app.pop_screen()
        lines: list[Line] = [
            (Piece("Many different keys came at once, as when text is pasted."),),
            (Piece("There are decisions among them: nothing has been written."),),
        ]
        choices = [Choice("y", "yes, make these decisions", True), Choice("n", "no", False)]

        def answered(yes: bool | None) -> None:
            jobs, rows = self._withdrawn, self._withdrawn_rows
            self._withdrawn, self._withdrawn_rows = [], {}
            if not yes:
                self._say("Nothing was written.")
                return
            for record_id, decided in rows.items():
                self._list.decide(record_id, decided)
            self._edits.put_back(jobs)

        question = Question(lines, choices, self._desk.glyphs, "PASTED?", calm=CALM)
        self._desk.app.push_screen(question, answered)

    def _say(self, text: str) -> None:
        self._desk.footer.say(text)
