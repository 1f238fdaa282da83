"""Decisions in the line mode: on the record where one is, or on the marked ones after a question."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from reader.library.outcome import Became, Outcome, Result, Target, summed_up
from reader.records.bulk import ASKED_OVER
from reader.records.decisions import STEPS_ON, Decision, expected
from reader.records.edit import name_of
from reader.records.record import Problem, Record, State
from reader.records.row import Row
from reader.records.text import clean, display

from .console import stoppable
from .telling import and_more, moment, path_shown, step_line, wrong

if TYPE_CHECKING:
    from .session import Session

YES = {"yes": "yes", "no": "no", "": "no"}
YES_OR_Y = {"yes": "yes", "no": "no", "y": "yes", "n": "no", "": "no"}
MOST_TOLD = 10
"""Records of many that are named one by one."""


class Deciding:
    """The commands that decide, mark, take back and edit."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listing = session.listing
        self._editing = session.editing
        self._last: Decision | None = None
        self.simple: tuple[Callable[[str], None], ...] = (
            self.do_decide_publish, self.do_decide_unpublish, self.do_decide_reject,
            self.do_decide_restore, self.do_decide_undefer, self.do_repeat, self.do_redo,
            self.do_mend, self.do_edit, self.do_read_toggle, self.do_star_toggle,
        )  # fmt: skip
        """Those that take nothing after them."""

    # -- the simple decisions ---------------------------------------------------------------------
    def do_decide_publish(self, rest: str) -> None:
        self._decide(Decision("publish"))

    def do_decide_unpublish(self, rest: str) -> None:
        self._decide(Decision("unpublish"))

    def do_decide_reject(self, rest: str) -> None:
        self._decide(Decision("reject"))

    def do_decide_restore(self, rest: str) -> None:
        self._decide(Decision("restore"))

    def do_decide_undefer(self, rest: str) -> None:
        row = self._listing.current
        if row is not None and not self._listing.marked and row.deferred_until is None:
            self._session.fail("It is not deferred.")
        else:
            self._decide(Decision("undefer"))

    def do_decide_defer(self, rest: str) -> None:
        from reader.records.when import HINT, Wrong, parse_when

        if not self._may_edit():
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
        until = int(until_when.replace(tzinfo=None).timestamp())
        self._decide(Decision("defer", {"until": until}))

    def do_quality_up(self, rest: str) -> None:
        self._quality(rest, 1)

    def do_quality_down(self, rest: str) -> None:
        self._quality(rest, -1)

    def _quality(self, rest: str, sign: int) -> None:
        rest = rest.removeprefix("+")
        if rest.startswith("-"):
            sign, rest = -1, rest[1:]
        if rest and not (rest.isascii() and rest.isdigit() and len(rest) < 7):
            self._session.fail(f"“{clean(rest[:40])}” is no number; + 5 adds five, - 5 takes five.")
            return
        self._decide(Decision("quality", {"by": sign * int(rest or 1)}))

    def do_repeat(self, rest: str) -> None:
        if self._last is None:
            self._session.fail("Nothing has been decided yet that could be repeated.")
        else:
            self._decide(self._last)

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
        self._session.say(_sentence(decision.done))

    # -- deciding ---------------------------------------------------------------------------------
    def _decide(self, decision: Decision) -> None:
        if not self._may_edit():
            return
        if self._session.looking.card is not None:
            self._session.fail("This is a related link, no record here; b returns.")
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
        self._last = decision
        self._make(decision, row.id, row.state)

    def _make(
        self, decision: Decision, record_id: int, was: State, seen: Record | None = None
    ) -> None:
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
            self._session.say(_sentence(display(decision.done)))
            return
        done = decision.done
        if decision.id == "defer":
            done += f" until {moment(decision.args['until'])}"
        self._session.say(f"{self._listing.at + 1:,} {done}.")
        self._step_on(was)

    def _write_mine(self, decision: Decision, result: Result) -> bool:
        clash = result.clash
        assert clash is not None
        self._session.say(f"{name_of(clash.field)} has been changed by someone else meanwhile.")
        self._session.say(f"You saw: {_shown(clash.seen)}")
        self._session.say(f"Now it is: {_shown(clash.found)}")
        answers = {"mine": "mine", "theirs": "theirs", "m": "mine", "t": "theirs", "": "theirs"}
        question = f"Write mine ({decision.label}), or keep theirs?"
        instead = "R, then the same line once more, writes yours."
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
            say(f"{len(plan.already):,} {'is' if len(plan.already) == 1 else 'are'} so already.")
        for reason, planned in plan.refused_by_reason().items():
            say(f"{len(planned):,} cannot be: {display(reason)}")
        if not plan.changing:
            self._session.fail("Nothing would change.")
            return
        for line in and_more([display(each.title) for each in plan.changing], MOST_TOLD):
            say(line)
        many = len(plan.changing) > ASKED_OVER
        question = (
            f"{_sentence(plan.heading, '?')} {'yes' if many else 'y'} or {'no' if many else 'n'}:"
        )
        instead = f"`reader triage {decision.id} --where …` does that in the shell."
        if self._session.console.ask(question, YES if many else YES_OR_Y, instead=instead) != "yes":
            self._session.fail("Nothing was changed.")
            return
        changing = {planned.id for planned in plan.changing}
        self._last = decision
        with stoppable() as stopped:
            outcome = self._editing.decide(
                decision,
                [target for target in targets if target.id in changing],
                progress=self._progress(),
                cancelled=stopped.is_set,
            )
        self._listing.marked.clear()
        self._tell(outcome)

    def _progress(self) -> Callable[[int, int], None]:
        told = 0

        def progress(done: int, total: int) -> None:
            nonlocal told
            if done >= told + 500 and self._session.console.is_interactive:
                told = done
                self._session.say(f"{done:,} of {total:,}")

        return progress

    def _tell(self, outcome: Outcome) -> None:
        """Say what became of a step, and of which records nothing."""
        self._session.say(display(summed_up(outcome)))
        bad = [each for each in outcome.results if each.became not in (Became.DONE, Became.ALREADY)]
        self._session.went_wrong |= bool(bad)
        lines = [f"{display(each.title)}: {display(each.reason)}" for each in bad]
        for line in and_more(lines, MOST_TOLD):
            self._session.say(line)

    # -- undo, redo, history ----------------------------------------------------------------------
    def do_undo(self, rest: str) -> None:
        if rest and not (rest.isascii() and rest.isdigit() and len(rest) < 18):
            self._session.fail("undo takes the number of a step; H lists them.")
            return
        if not self._can_journal():
            return
        if rest and self._editing.step(int(rest)) is None:
            self._session.fail(f"There is no step {rest}; H lists them.")
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
        if len(ids) == 1 and ids[0] not in self._listing.ids:
            self._listing.renew()
        is_here = len(ids) == 1 and ids[0] in self._listing.ids
        if is_here and len(outcome.results) == 1:  # its line says the title
            self._session.say(_sentence(f"{word} of {outcome.decision.label}"))
        else:
            self._tell(outcome)
        if clashes and outcome.of is not None:
            answers = {"mine": "mine", "leave": "leave", "m": "mine", "l": "leave", "": "leave"}
            question = "Others have changed it since: write mine, or leave it?"
            instead = f"`reader undo {outcome.of} --force` in the shell writes yours."
            answer = self._session.console.ask(question, answers, instead=instead)
            if answer == "mine":
                forced = self._editing.undo(outcome.of, force=True)
                if forced is not None:
                    self._tell(forced)
            else:
                self._editing.let_stand(outcome.of)
                tell = self._session.say if answer else self._session.fail
                tell("It is left as it is.")
        if is_here:
            self._session.going.go_to(self._listing.ids.index(ids[0]))

    def do_history(self, rest: str) -> None:
        if self._can_journal():
            steps = self._editing.steps(limit=200)
            lines = [display(step_line(step, self._session.now)) for step in steps]
            self._session.console.page(lines or ["Nothing has been decided here."])

    # -- fields -----------------------------------------------------------------------------------
    def do_fields(self, rest: str) -> None:
        from reader.records.field_input import BY_NAME, Wrong, fields_of, parse_input

        opened = self._opened_for_form()
        if opened is None:
            return
        target, record = opened
        name, equals, value = rest.partition("=")
        if not equals:
            lines = [
                f"{field.name}: {_shown(record.data.get(field.name, ''))}"
                for field in fields_of(record.data)
            ]
            self._session.console.page([*lines, "set NAME=VALUE changes one; NAME= takes it away."])
            return
        name = name.strip()
        if name not in BY_NAME:
            self._session.fail(f"“{clean(name[:40])}” is no field. Fields: {', '.join(BY_NAME)}.")
            return
        parsed = parse_input(name, value.strip())
        if isinstance(parsed, Wrong):
            self._session.fail(f"{name}: {display(parsed.reason)}.")
            return
        decision = Decision("set", {"fields": {name: parsed}})
        self._after_a_look(decision, target, record, is_whole=True)

    def do_mend(self, rest: str) -> None:
        opened = self._opened_for_form()
        if opened is not None:
            self._after_a_look(Decision("mend"), *opened)

    def _after_a_look(
        self, decision: Decision, target: Target, record: Record, *, is_whole: bool = False
    ) -> None:
        """Say what would change in the file, and make it when that is wanted: where nobody can be
        asked, when the line says the whole of it."""
        from reader.library.preparing import Prepared
        from reader.records.history import shown_changes

        found = self._editing.preview(decision, target)
        if not isinstance(found, Prepared):
            self._session.fail(display(found.results[0].reason))
            return
        for sign, line in shown_changes(found.entry.splices):
            self._session.say(f"{'was' if sign == '-' else 'will be'} {line}")
        console = self._session.console
        instead = f"`reader triage {decision.id} --where {path_shown(target.path)}` does that."
        if (is_whole and not console.can_ask) or (
            console.ask("Write it? y or n:", YES_OR_Y, instead=instead) == "yes"
        ):
            self._last = decision
            self._make(decision, target.id, record.state, record)
        else:
            self._session.fail("Nothing was written.")

    def do_topics(self, rest: str) -> None:
        """Say the topics; or add and take away: `t +AI -Power Apps`."""
        if not rest:
            record = self._session.looking.record() if self._listing.ids else None
            if record is not None:
                here = ", ".join(record.topics) or "none"
                self._session.say(f"Of this record: {display(here)}. t +TOPIC -TOPIC changes them.")
            self._session.going.do_topic("")
            return
        add, remove = _topics(rest)
        if not add and not remove:
            self._session.fail("Write + or - before each topic, such as t +AI -Power Apps.")
            return
        self._decide(Decision("topics", {"add": add, "remove": remove}))

    def _opened_for_form(self) -> tuple[Target, Record] | None:
        row = self._session.record_row() if self._may_edit() else None
        if row is None:
            return None
        if self._listing.marked:
            self._session.fail("This is for one record; unmark takes the marks away.")
            return None
        opened = self._session.collection.open_record(row.id)
        targets = self._targets([row.id])
        if opened is None or not targets or isinstance(opened.record, Problem):
            self._session.fail("The file is gone, or cannot be read any more.")
            return None
        return replace(targets[0], seen=opened.record), opened.record

    def do_edit(self, rest: str) -> None:
        from reader.library.preparing import read_again
        from reader.ui.editor import Copy, find_editor

        row = self._listing.current if self._may_edit() else None
        if row is None:
            return
        command = find_editor()
        if command is None or not self._session.console.is_interactive:
            self._session.fail("There is no editor here: set $EDITOR, at a terminal.")
            return
        opened = self._session.collection.open_record(row.id)
        if opened is None or not opened.data:
            self._session.fail("The file is gone, or cannot be read.")
            return
        copy = Copy(opened.path, opened.data, self._session.collection.state_path)
        target = Target(os.fsencode(opened.path), id=row.id)
        while True:
            trouble = copy.edit(command)
            try:
                after = copy.read()
            except OSError:
                trouble, after = trouble or "The editor left no file.", opened.data
            problem = None if trouble else read_again(after, target.path)
            if not isinstance(problem, Problem):
                break
            at = f"line {problem.line}: " if problem.line else ""
            self._session.say(f"So it would be no record any more: {at}{display(problem.reason)}")
            answers = {"edit": "edit", "drop": "drop", "e": "edit", "d": "drop"}
            question = "edit again, or drop the changes?"
            if self._session.console.ask(question, answers, instead="edit at one.") != "edit":
                self._session.fail(f"The file is as it was; your text is in {copy.path}.")
                return
        if trouble or after == opened.data:
            self._session.fail(trouble or "Nothing was changed.")
        else:
            self._tell(self._editing.rewrite(target, opened.data, after))
        copy.remove()

    # -- marks ------------------------------------------------------------------------------------
    def do_mark_toggle(self, rest: str) -> None:
        """Mark the record, those with numbers, all, or those that a query asks for."""
        if rest.casefold() == "all":
            self.do_mark_all("")
            return
        if rest and rest[0].isdigit() and not rest.strip("0123456789-, "):
            self.do_mark_range(rest)
            return
        if rest:
            self.do_mark_matching(rest)
            return
        record_id = self._listing.current_id
        if record_id is None:
            self._session.fail("There is no record here.")
            return
        if record_id in self._listing.marked:
            del self._listing.marked[record_id]
        else:
            self._listing.marked[record_id] = None
        self._say_marks()

    def do_mark_range(self, rest: str) -> None:
        ids = self._listing.range_of(rest) if rest else None
        if ids is None:
            self._session.fail(f"Give numbers from 1 to {len(self._listing.ids)}, such as v 3-7.")
            return
        self._listing.marked.update(dict.fromkeys(ids))
        self._say_marks()

    def do_mark_all(self, rest: str) -> None:
        self._listing.marked.update(dict.fromkeys(self._listing.ids))
        self._say_marks()

    def do_mark_matching(self, rest: str) -> None:
        from reader.records.querying import QueryError

        if not rest:
            self._session.fail("Say which, after it: * quality:<20.")
            return
        with stoppable() as stopped:
            parsed = self._session.collection.parse_query(rest)
            if isinstance(parsed, QueryError):
                self._session.fail(wrong(rest, parsed))
                return
            found = self._session.collection.find(parsed, cancelled=stopped.is_set)
        listed = set(self._listing.ids).intersection(found)
        self._listing.marked.update(dict.fromkeys(id for id in self._listing.ids if id in listed))
        self._say_marks()

    def do_unmark(self, rest: str) -> None:
        ids = self._listing.range_of(rest) if rest else list(self._listing.marked)
        if ids is None:
            self._session.fail(f"Give numbers from 1 to {len(self._listing.ids)}, such as 3-7.")
            return
        for record_id in ids:
            self._listing.marked.pop(record_id, None)
        self._say_marks()

    def do_marks(self, rest: str) -> None:
        if not self._listing.marked:
            self._session.say("No marks.")
            return
        rows = self._session.collection.rows(list(self._listing.marked))
        places = {id: at for at, id in enumerate(self._listing.ids)}
        self._session.console.page(
            self._session.line_of(places.get(row.id, -1), row) for row in rows
        )

    def _say_marks(self) -> None:
        count = len(self._listing.marked)
        self._session.say(f"{count:,} marked." if count else "No marks.")

    # -- small things -----------------------------------------------------------------------------
    def _may_edit(self) -> bool:
        why_not = self._editing.why_not
        if why_not:
            self._session.fail(why_not)
        return not why_not

    def _can_journal(self) -> bool:
        if not self._editing.can_journal:
            self._session.fail(self._editing.why_not)
        return self._editing.can_journal

    def _targets(self, ids: list[int]) -> list[Target]:
        return self._session.collection.targets(ids)


def _topics(rest: str) -> tuple[list[str], list[str]]:
    """Return the topics to add and to take away: each begins with a sign after a space."""
    signs: dict[str, list[str]] = {"+": [], "-": []}
    sign = ""
    words: list[str] = []
    for word in [*rest.split(), "+"]:
        if word[0] in signs:
            if sign and words:
                signs[sign].append(" ".join(words))
            sign, words = word[0], [word[1:]] if word[1:] else []
        elif sign:
            words.append(word)
        else:
            return [], []
    return signs["+"], signs["-"]


def _sentence(text: str, end: str = ".") -> str:
    return f"{text[:1].upper()}{text[1:]}{end}"


def _shown(value: object) -> str:
    from reader.records.values import ABSENT

    if value is ABSENT:
        return "(absent)"
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    return display(str(value))[:300]
