"""Decisions in the line mode: on the record where one is, or on the marked ones after a question."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from reader.library.outcome import Became, Outcome, Result, Target, summed_up
from reader.records.bulk import ASKED_OVER
from reader.records.decisions import STEPS_ON, Decision, expected
from reader.records.edit import name_of
from reader.records.record import Record, State
from reader.records.row import Row
from reader.records.sentences import sentence
from reader.records.shown_value import shown_value
from reader.records.text import clean, display
from reader.records.when import say_deferred
from reader.terminal.stopping import stoppable

from .console import YES_OR_NO
from .telling import and_more

if TYPE_CHECKING:
    from .session import Session

YES = {"yes": "yes", "no": "no", "": "no"}
RECENT = 60.0
"""Seconds for which a change that was made here is no news."""
MOST_TOLD = 10
"""Records of many that are named one by one."""


class Deciding:
    """The commands that decide."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listing = session.listing
        self._editing = session.editing
        self._last: Decision | None = None
        self._own: dict[int, float] = {}
        """What was changed here, and when."""

    # -- the simple decisions ---------------------------------------------------------------------
    def do_decide_publish(self, rest: str) -> None:
        self.decide(Decision("publish"))

    def do_decide_unpublish(self, rest: str) -> None:
        self.decide(Decision("unpublish"))

    def do_decide_reject(self, rest: str) -> None:
        self.decide(Decision("reject"))

    def do_decide_restore(self, rest: str) -> None:
        self.decide(Decision("restore"))

    def do_decide_undefer(self, rest: str) -> None:
        row = self._listing.current
        if row is not None and not self._listing.marked and row.deferred_until is None:
            self._session.fail("It is not deferred.")
        else:
            self.decide(Decision("undefer"))

    def do_decide_defer(self, rest: str) -> None:
        from reader.records.when import HINT, Wrong, parse_when, seconds_of

        if not self.may_edit():
            return
        if not rest:
            if not self._session.console.is_interactive:
                self._session.fail(f"Say until when, after it: {HINT}.")
                return
            try:
                rest = self._session.console.read("Until when? ", remember=False) or ""
            except KeyboardInterrupt:
                self._session.say("")
                rest = ""
            if not rest.strip():
                self._session.say("Nothing was deferred.")
                return
        until_when = parse_when(rest, datetime.now().astimezone())
        if isinstance(until_when, Wrong):
            self._session.fail(f"“{clean(rest[:40])}”: {until_when.reason}.")
            return
        self.decide(Decision("defer", {"until": seconds_of(until_when)}))

    def do_quality_up(self, rest: str) -> None:
        self._quality(rest, 1)

    def do_quality_down(self, rest: str) -> None:
        self._quality(rest, -1)

    def _quality(self, rest: str, sign: int) -> None:
        rest = rest.removeprefix("+")
        if rest.startswith("-"):
            sign, rest = -1, rest[1:]
        if rest and not (rest.isascii() and rest.isdigit() and len(rest) < 7):
            up, down = map(self._session.words.name_of, ("quality.up", "quality.down"))
            self._session.fail(
                f"“{clean(rest[:40])}” is no number; {up} 5 adds five, {down} 5 takes five."
            )
            return
        self.decide(Decision("quality", {"by": sign * int(rest or 1)}))

    def do_repeat(self, rest: str) -> None:
        if self._last is None:
            self._session.fail("Nothing has been decided yet that could be repeated.")
        else:
            self.decide(self._last)

    def do_read_toggle(self, rest: str) -> None:
        self._toggle("read", "unread", lambda row: row.read)

    def do_star_toggle(self, rest: str) -> None:
        self._toggle("star", "unstar", lambda row: row.starred)

    def _toggle(self, on: str, off: str, is_on: Callable[[Row], bool]) -> None:
        row = self._session.record_row()
        if row is None:
            return
        decision = Decision(off if is_on(row) else on)
        if self._editing.can_journal and not self._editing.why_not:
            self._editing.decide(decision, self._targets([row.id]))
        else:
            collection = self._session.collection
            keep = collection.set_starred if on == "star" else collection.set_read
            keep([row.id], not is_on(row))
        self._session.say(sentence(decision.done))

    # -- deciding ---------------------------------------------------------------------------------
    def decide(self, decision: Decision) -> None:
        """Decide about the marked records, after a question; else about the one where one is."""
        if not self.may_edit():
            return
        if self._session.looking.card is not None:
            self._session.fail(
                f"This is a related link, no record here; {self._session.going.returns}."
            )
            return
        if self._listing.marked:
            self._decide_many(decision)
            return
        row = self._session.record_row()
        if row is None:
            return
        refusal = expected(decision, row.state, row.quality, warned=row.warned)
        if refusal is not None:
            self._session.fail(refusal.reason)
            return
        self.make(decision, row.id, row.state)

    def make(
        self, decision: Decision, record_id: int, was: State, seen: Record | None = None
    ) -> None:
        """Make a decision about one record and say what became of it; `seen`: the record as it was
        when the decision was taken."""
        self._last = decision
        self.note_own([record_id])
        targets = self._targets([record_id])
        if not targets:
            self._session.fail("The file is gone.")
            return
        if seen is not None:
            targets = [replace(targets[0], seen=seen)]
        with stoppable():  # Ctrl+C comes too late for one record
            outcome = self._editing.decide(decision, targets)
        result = outcome.results[0]
        if result.became is Became.CLASH and result.clash is not None:
            if not self._write_mine(decision, result):
                self._session.fail("Theirs is kept; nothing was written.")
                return
            outcome = self._editing.decide(decision, self._targets([record_id]), force=True)
            result = outcome.results[0]
        if result.became is not Became.DONE:
            self._session.fail(f"Not {decision.done}: {display(result.reason)}")
            return
        if decision.id == "quality":
            self._session.tell_current()
            return
        if decision.id not in STEPS_ON:
            self._session.say(sentence(display(outcome.made(result).done)))
            return
        done = decision.done
        if decision.id == "defer":
            done = say_deferred(decision.args["until"], self._session.now)
        self._session.say(f"{self._listing.at + 1:,} {done}.")
        self._step_on(was)

    def _write_mine(self, decision: Decision, result: Result) -> bool:
        clash = result.clash
        assert clash is not None
        self._session.say(f"{name_of(clash.field)} has been changed by someone else meanwhile.")
        self._session.say(f"You saw: {shown_value(clash.seen, clash.field)}")
        self._session.say(f"Now it is: {shown_value(clash.found, clash.field)}")
        answers = {"mine": "mine", "theirs": "theirs", "m": "mine", "t": "theirs", "": "theirs"}
        question = f"Write mine ({decision.label}), or keep theirs?"
        again = self._session.words.name_of("rescan")
        instead = f"{again}, then the same line once more, writes yours."
        return self._session.console.ask(question, answers, instead=instead) == "mine"

    def _step_on(self, was: State) -> None:
        """Go to the next record that waits, as the interface does."""
        if was is not State.UNPUBLISHED:
            if self._listing.at + 1 < len(self._listing.ids):
                self._session.going.go_to(self._listing.at + 1)
            return
        for step, said in ((1, ""), (-1, "None further down.")):
            at = self._listing.find_undecided(step, self._session.now)
            if at is not None:
                if said:
                    self._session.say(said)
                self._session.going.go_to(at)
                return
        self._session.say("All here is decided.")

    def _decide_many(self, decision: Decision) -> None:
        ids = list(self._listing.marked)
        say = self._session.say
        with stoppable() as stopped:
            plan, targets = self._editing.plan(decision, ids, cancelled=stopped.is_set)
        if stopped.is_set():
            say("Stopped; nothing was changed.")
            return
        if plan.already:
            count = len(plan.already)
            say(f"{count:,} {'is' if count == 1 else 'are'} so already.")
        for reason, planned in plan.refused_by_reason().items():
            say(f"{len(planned):,} cannot be: {display(reason)}")
        if not plan.changing:
            self._session.fail("Nothing would change.")
            return
        for line in and_more([display(each.title) for each in plan.changing], MOST_TOLD):
            say(line)
        if plan.states:
            say(f"Now: {plan.states}.")
        many = len(plan.changing) > ASKED_OVER
        question = (
            f"{sentence(plan.heading, '?')} {'yes' if many else 'y'} or {'no' if many else 'n'}:"
        )
        instead = f"`reader triage {decision.id} --where …` does that in the shell."
        if (
            self._session.console.ask(question, YES if many else YES_OR_NO, instead=instead)
            != "yes"
        ):
            self._session.fail("Nothing was changed.")
            return
        changing = {planned.id for planned in plan.changing}
        self.note_own(changing)
        self._last = decision
        with stoppable() as stopped:
            outcome = self._editing.decide(
                decision,
                [target for target in targets if target.id in changing],
                progress=self._progress(),
                cancelled=stopped.is_set,
            )
        self.note_own(changing)  # it may have taken long
        self._listing.marked_before = dict(self._listing.marked)
        self._listing.marked.clear()
        self.tell(outcome)

    def _progress(self) -> Callable[[int, int], None]:
        told = 0

        def progress(done: int, total: int) -> None:
            nonlocal told
            if done >= told + 500 and self._session.console.is_interactive:
                told = done
                self._session.say(f"{done:,} of {total:,}")

        return progress

    def tell(self, outcome: Outcome) -> None:
        """Say what became of a step, and of which records nothing."""
        self._session.say(display(summed_up(outcome)))
        bad = [each for each in outcome.results if each.became not in (Became.DONE, Became.ALREADY)]
        self._session.went_wrong |= bool(bad)
        lines = [f"{display(each.title)}: {display(each.reason)}" for each in bad]
        for line in and_more(lines, MOST_TOLD):
            self._session.say(line)

    # -- what was decided here ---------------------------------------------------------------------
    def note_own(self, ids: Iterable[int]) -> None:
        """These are changed here: they stay listed, and are no news."""
        now = time.monotonic()
        for id in ids:
            self._listing.kept.add(id)
            self._own[id] = now

    def recent(self) -> set[int]:
        """Return what was changed here not long ago, of which the watch may tell only now."""
        since = time.monotonic() - RECENT
        self._own = {id: at for id, at in self._own.items() if at > since}
        return set(self._own)

    # -- small things -----------------------------------------------------------------------------
    def may_edit(self) -> bool:
        """Whether records may be edited here; else say why not."""
        why_not = self._editing.why_not
        if why_not:
            self._session.fail(why_not)
        return not why_not

    def _targets(self, ids: list[int]) -> list[Target]:
        return self._session.collection.targets(ids)
