"""Triage at the desk: decisions on the record under the cursor or on the marked ones.

A decision shows at once; the thread of `jobs.edits` makes it, and what became of it is told when
it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from reader.library.outcome import Became, Outcome, Result, Target, summed_up
from reader.records.counting import counted
from reader.records.decisions import STEPS_ON, Decision, decide, expected
from reader.records.edit import Refusal, name_of
from reader.records.record import Record, State
from reader.records.row import Row
from reader.records.sentences import sentence
from reader.records.shown_value import shown_value
from reader.records.text import display
from reader.records.when import say_deferred, seconds_of

from .jobs import edits
from .jobs.edits import Edits
from .widgets.article_list import ArticleList
from .widgets.pieces import Line, Piece
from .widgets.row_lines import Decided

if TYPE_CHECKING:
    from .screens.desk import Desk

KEPT = 1000
"""Decisions that are remembered, to be repeated when those after them are undone."""
CALM = 0.5
"""Seconds without a key before a question that came by itself can be answered."""


class Triage:
    """What keys decide at one desk."""

    def __init__(self, desk: Desk, queue: Edits) -> None:
        self._desk = desk
        self._list = desk.list
        self._edits = queue
        self._made: list[Decision] = []
        """What was decided here and has not been undone, the last one last."""
        self._is_undone = False
        """Whether something was undone since then."""
        self.progress: tuple[int, int] | None = None
        """How far an edit of many records is."""

    @property
    def last(self) -> Decision | None:
        """What was decided last, of all that is still in force."""
        return self._made[-1] if self._made else None

    def made(self, decision: Decision) -> None:
        """This was decided, or redone: it can be repeated."""
        self._made = [*self._made[-KEPT:], decision]

    def undone(self, decision: Decision) -> None:
        """This was undone: it is not what a key repeats."""
        self._is_undone = True
        for at in range(len(self._made) - 1, -1, -1):
            if self._made[at] == decision:
                del self._made[at]
                return

    # -- the simple decisions ---------------------------------------------------------------------
    def do_decide_publish(self) -> None:
        self.decide(Decision("publish"), "p")

    def do_decide_unpublish(self) -> None:
        self.decide(Decision("unpublish"), "P")

    def do_decide_reject(self) -> None:
        self.decide(Decision("reject"), "d")

    def do_decide_restore(self) -> None:
        self.decide(Decision("restore"), "D")

    def do_decide_undefer(self) -> None:
        row = self._list.current
        if row is not None and not self._list.marked and self.may_edit():
            shown = self._list.decided_of(row)
            if row.deferred_until is None and not (shown is not None and shown.deferred):
                self._say("It is not deferred.")
                return
        self.decide(Decision("undefer"), "Z")

    def do_quality_down(self) -> None:
        self.decide(Decision("quality", {"by": -1}), "minus")

    def do_quality_up(self) -> None:
        self.decide(Decision("quality", {"by": 1}), "plus")

    def do_repeat(self) -> None:
        if not self.may_edit():
            return
        if self.last is None:
            undone = "What was decided has been undone: there is nothing to repeat."
            nothing = "Nothing has been decided yet that could be repeated."
            self._say(undone if self._is_undone else nothing)
        else:
            self.decide(self.last, "full_stop")

    def do_decide_defer(self) -> None:
        from .screens.defer import DeferChooser

        count = len(self._list.marked) or 1
        if not self.may_edit() or (not self._list.marked and self._row() is None):
            return
        row = self._row() if not self._list.marked else None
        if row is not None and (refusal := self._refused(Decision("defer", {"until": 0}), row)):
            self._say(refusal)
            return

        def chosen(moment: datetime | None) -> None:
            if moment is not None and (row is None or self._is_at(row)):
                self.decide(Decision("defer", {"until": seconds_of(moment)}), "z")

        now = datetime.now().astimezone()
        self._desk.app.push_screen(DeferChooser(count, now, self._desk.glyphs), chosen)

    def _is_at(self, row: Row) -> bool:
        """Whether the cursor is on a record, or was put there again: the list may have been renewed
        while something was chosen for it. Else say that nothing is decided."""
        if row.id == self._list.current_id:
            return True
        if not self._list.put_cursor_on(row.id):
            self._say(f"Nothing was decided: {_title(row)} is not listed any more.")
            return False
        self._desk.jumped_in_list()
        return True

    def do_read_toggle(self) -> None:
        self._toggle("read", "unread", lambda row: row.read)
        self._desk.reading.stop_waiting()

    def do_star_toggle(self) -> None:
        self._toggle("star", "unstar", lambda row: row.starred)

    def _toggle(self, on: str, off: str, is_on: Callable[[Row], bool]) -> None:
        """A mark of the reader's own: with the journal where there is one, so that it can be
        undone; else without."""
        row = self._row()
        if row is None:
            return
        decision = Decision(off if is_on(row) else on)
        said = f"{sentence(decision.done, '')}: {_title(row)}."
        if not self._desk.editing.can_journal or self._desk.editing.why_not:
            collection = self._desk.collection
            keep = collection.set_starred if "star" in on else collection.set_read
            keep([row.id], not is_on(row))
            self._list.forget_row(row.id)
            self._desk.listing.count()
            self._say(said)
            return
        if on == "star":
            self._list.amend(row._replace(starred=not row.starred))
        else:
            self._list.amend(row._replace(read=not row.read))
        self._say(said)
        self._edits.decide(decision, self._targets([row.id]), is_said=True)

    # -- deciding -----------------------------------------------------------------------------------
    def decide(self, decision: Decision, key: str) -> None:
        """Decide about the marked records, after a look at what that means; else about the one
        under the cursor, at once. `key` is the usual one; the one pressed counts."""
        key = self._desk.own_keys.pressed or key
        if not self.may_edit():
            return
        if self._list.marked:
            self._decide_many(decision, key)
            return
        row = self._row()
        if row is None:
            return
        refusal = self._refused(decision, row)
        if refusal is not None:
            self._say(refusal)
            return
        self.made(decision)
        shown = self._list.decided_of(row)
        state = shown.state if shown is not None and shown.state is not None else row.state
        quality = row.quality
        if shown is not None and shown.quality is not None:
            quality = shown.quality
        targets = [replace(each, state=state, quality=quality) for each in self._targets([row.id])]
        if not targets:
            self._say("The file is gone.")
            return
        self._list.decide(row.id, _as_decided(decision, row, shown))
        self._edits.decide(decision, targets, is_said=True)
        done = decision.done
        if decision.id == "quality":
            done = f"quality {self._list.decided[row.id].quality:g}"
        elif decision.id == "defer":
            done = say_deferred(decision.args["until"], self._desk.now())
        self._say(f"{sentence(done, '')}: {_title(row)}.")
        if decision.id in STEPS_ON:
            self._step_on(state)

    def _step_on(self, state: State) -> None:
        if state is not State.UNPUBLISHED:
            self._to_next_row()
            return
        index = self._list.find_state(State.UNPUBLISHED, 1, self._list.decided)
        if index is None:
            index = self._list.find_state(State.UNPUBLISHED, -1, self._list.decided)
            if index is None:
                self._say(f"{self._desk.footer.said} All here is decided.")
                return
            self._say(f"{self._desk.footer.said} None further down.")
        if self._list.move_to(index):
            self._desk.moved(self._list)

    def _refused(self, decision: Decision, row: Row) -> str | None:
        if row.state is State.PROBLEM:
            return self._desk.own_keys.unreadable
        shown = self._list.decided_of(row)
        state = shown.state if shown is not None and shown.state is not None else row.state
        refusal = expected(decision, state, row.quality, warned=row.warned)
        if refusal is None and row.warned and shown is None:
            refusal = self._refused_by_record(decision, row)
        return None if refusal is None else refusal.reason

    def _refused_by_record(self, decision: Decision, row: Row) -> Refusal | None:
        """What its warnings leave open of a row is known of the record, where that is shown."""
        opened = self._desk.reading.opened
        if opened is None or opened.id != row.id or not isinstance(opened.record, Record):
            return None
        outcome = decide(decision, opened.record) if decision.id == "publish" else None
        return outcome if isinstance(outcome, Refusal) else None

    def _decide_many(self, decision: Decision, key: str) -> None:
        if self._edits.is_busy:
            self._say(self._desk.own_keys.busy)
            return
        listed = set(self._list.ids)
        marked = [each for each in self._list.ids if each in self._list.marked]
        hidden = [each for each in self._list.marked if each not in listed]
        self._say(f"Looking at {counted(len(self._list.marked), 'record')}.")
        self._edits.foresee(decision, [*marked, *hidden], key, len(hidden))

    # -- what became of it --------------------------------------------------------------------------
    def foreseen(self, message: edits.Foreseen) -> None:
        """Show what a decision on many records would do, and make it where that is confirmed."""
        from .screens.preview import Preview

        self.progress = None
        self._desk.show_status()

        def confirmed(yes: bool | None) -> None:
            if not yes:
                self._say("Nothing was changed.")
                return
            changing = {planned.id for planned in message.plan.changing}
            targets = [each for each in message.targets if each.id in changing]
            self.made(message.decision)
            self._list.deciding.update(changing.intersection(self._list.ids))
            self.progress = (0, len(targets))
            self._desk.show_status()
            self._edits.decide(message.decision, targets, is_bulk=True)
            self._say(f"{sentence(message.plan.heading, '')} …")

        self._desk.app.push_screen(Preview(message.plan, self._desk.glyphs), confirmed)

    def decided(self, message: edits.Decided) -> None:
        """A decision reached the files, or did not."""
        decision, outcome = message.decision, message.outcome
        self.progress = None
        failed = [each for each in outcome.results if each.became is not Became.DONE]
        if message.is_bulk:
            self._decided_many(message)
            return
        for record_id in message.ids:
            if failed or decision.id not in STEPS_ON:
                # What is shown already counts the decisions on it that are still to come.
                if failed or not self._edits.awaits(record_id):
                    self._no_longer(record_id, decision)
            elif not self._edits.awaits(record_id):
                self._list.settle(record_id)
            else:
                self._list.forget_row(record_id)
        self._desk.edited()
        if outcome.results and not failed and not message.is_said:
            self._say(_told(outcome))
        for result in failed:
            if result.became is Became.CLASH and result.clash is not None:
                self._ask_about(decision, message.ids, result)
            elif result.became is Became.REFUSED:
                self._offer_editor(decision, message.ids, result)
            elif result.became is Became.ALREADY:
                self._say(f"Nothing was written: “{result.title}”: {result.reason}")
            else:
                title = f"“{result.title}”: " if result.title else ""
                kept = f" {self._desk.forms.kept_said}" if decision.id == "edit" else ""
                self._say(f"Not {decision.done}: {title}{result.reason}{kept}")

    def _no_longer(self, record_id: int, decision: Decision) -> None:
        """A decision failed, or shows in the row itself: what was decided before it is shown."""
        shown = self._list.decided.get(record_id)
        if shown is not None and decision.id in STEPS_ON:
            shown = shown.before
        elif shown is not None:
            shown = replace(shown, quality=None, written=True) if shown.word else None
        self._list.decide(record_id, None)
        self._list.decide(record_id, shown)

    def _decided_many(self, message: edits.Decided) -> None:
        from .screens.unfinished import Unfinished

        decision, outcome = message.decision, message.outcome
        self._desk.marking.last = set(self._list.marked)
        self._list.marked.clear()
        if decision.id in STEPS_ON:
            # Those of a view that was left meanwhile do not come along into another one.
            show_told(self._list, decision, self._list.deciding.intersection(message.done))
        self._list.deciding.difference_update(message.ids)
        self._desk.edited()
        self._list.forget_all()
        self._say(summed_up(outcome))
        bad = [each for each in outcome.results if each.became not in (Became.DONE, Became.ALREADY)]
        if bad:
            self._desk.app.push_screen(Unfinished(decision, bad, self._desk.glyphs))

    def _offer_editor(self, decision: Decision, ids: Sequence[int], result: Result) -> None:
        """Say, whole, why a file is not edited here, and offer the user's own editor on it."""
        from .screens.question import Choice, Question

        lines: list[Line] = [
            (Piece(f"“{result.title}”" if result.title else "", "pane--strong"),),
            (Piece(result.reason, "pane--warning"),),
            (Piece("The file is as it was.", "pane--dim"),),
        ]
        choices = [Choice("E", "open it in your editor", True), Choice("l", "leave it", False)]
        self._say(f"Not {decision.done}: {result.title}")

        def answered(edit: bool | None) -> None:
            if edit and ids and self._list.put_cursor_on(ids[0]):
                self._desk.jumped_in_list()
                self._desk.forms.do_edit()

        heading = f"NOT {decision.done.upper()}"
        self._desk.app.push_screen(
            Question(lines, choices, self._desk.glyphs, heading, calm=CALM), answered
        )

    def _ask_about(self, decision: Decision, ids: Sequence[int], result: Result) -> None:
        from .screens.question import Choice, Question

        clash = result.clash
        assert clash is not None
        field = name_of(clash.field)
        lines: list[Line] = [
            (Piece(f"“{result.title}”", "pane--strong"),),
            (Piece(f"{field} has been changed by someone else meanwhile."),),
            (),
            (Piece("you saw   ", "pane--dim"), Piece(shown_value(clash.seen, clash.field))),
            (
                Piece("now it is ", "pane--dim"),
                Piece(shown_value(clash.found, clash.field), "pane--warning"),
            ),
            (Piece("you chose ", "pane--dim"), Piece(decision.label, "pane--accent")),
        ]
        choices = [Choice("w", "write mine", True), Choice("k", "keep theirs", False)]

        def answered(write: bool | None) -> None:
            if write:
                self._edits.decide(decision, self._targets(ids), force=True)
            else:
                self._say("Theirs is kept; nothing was written.")

        question = Question(lines, choices, self._desk.glyphs, "BOTH VALUES", calm=CALM)
        self._desk.app.push_screen(question, answered)

    def not_edited(self, message: edits.NotEdited) -> None:
        """Put the rows back as they were, and say why nothing was written."""
        self.progress = None
        for record_id in message.ids:
            self._list.decide(record_id, None)
        self._list.deciding.difference_update(message.ids)
        self._say(display(message.reason))
        self._desk.look_at_git()  # a sync that failed may have fetched or committed something
        self._desk.show_status()

    def advanced(self, message: edits.Advanced) -> None:
        """Show how far an edit of many records is."""
        self.progress = (message.done, message.total)
        if self._desk.may_show_progress():
            self._desk.show_status()

    def stop(self) -> bool:
        """Stop an edit of many records after the one it is at; whether there was one."""
        if self._edits.cancel():
            self._say("Stopping after this record.")
            return True
        return False

    # -- small things -------------------------------------------------------------------------------
    def may_edit(self) -> bool:
        """Whether records may be edited here; else say why not."""
        why_not = self._desk.editing.why_not
        if why_not:
            self._say(why_not)
        return not why_not

    def _row(self) -> Row | None:
        return self._desk.record_row()

    def _to_next_row(self) -> None:
        if self._list.move(1):
            self._desk.moved(self._list)

    def _targets(self, ids: Sequence[int]) -> list[Target]:
        return self._desk.collection.targets(ids)

    def _say(self, text: str) -> None:
        self._desk.footer.say(text)


def _as_decided(decision: Decision, row: Row, shown: Decided | None) -> Decided:
    quality = shown.quality if shown is not None else None
    if decision.id == "quality" and row.quality is not None:
        quality = (row.quality if quality is None else quality) + decision.args["by"]
    if decision.id not in STEPS_ON:
        word, state = (shown.word, shown.state) if shown is not None else ("", None)
        before = None if shown is None else shown.before
        return Decided(word, state, shown is not None and shown.deferred, quality, before=before)
    return Decided(
        decision.done, decision.kind.state, decision.id == "defer", quality, before=shown
    )


def show_told(articles: ArticleList, decision: Decision, ids: Iterable[int]) -> None:
    """Have rows look as those about which this has been decided, and written."""
    told = Decided(decision.done, decision.kind.state, decision.id == "defer", written=True)
    for record_id in ids:
        before = articles.decided.get(record_id)
        articles.decided[record_id] = replace(told, before=before)


def _told(outcome: Outcome) -> str:
    result = outcome.results[0]
    return f"{sentence(outcome.made(result).done, '')}: “{result.title}”."


def _title(row: Row) -> str:
    return f"“{row.title}”"
