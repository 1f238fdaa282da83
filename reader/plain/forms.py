"""Changing one record in the line mode: its fields, topics and text, and the user's own editor."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from reader.library.outcome import Target
from reader.records.decisions import Decision
from reader.records.record import Problem, Record
from reader.records.shown_value import cut
from reader.records.text import clean, display

from .console import YES_OR_NO
from .telling import path_shown

if TYPE_CHECKING:
    from reader.library.values import Opened
    from reader.terminal.editor import Copy

    from .session import Session


class Forms:
    """The commands that the interface has forms for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._listing = session.listing
        self._editing = session.editing

    def do_fields(self, rest: str) -> None:
        from reader.records.field_input import BY_NAME, Wrong, fields_of, parse_input, shown

        opened = self.opened()
        if opened is None:
            return
        target, record = opened
        name, equals, value = rest.partition("=")
        if not equals:
            lines = [
                f"{field.name}: {cut(shown(field.name, record.data.get(field.name)))}"
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
        self.after_a_look(decision, target, record, is_whole=True)

    def do_mend(self, rest: str) -> None:
        opened = self.opened()
        if opened is not None:
            self.after_a_look(Decision("mend"), *opened)

    def after_a_look(
        self, decision: Decision, target: Target, record: Record, *, is_whole: bool = False
    ) -> None:
        """Say what would change in the file, and make it when that is wanted: where nobody can be
        asked, when the line says the whole of it."""
        from reader.library.preparing import Prepared

        found = self._editing.preview(decision, target)
        if not isinstance(found, Prepared):
            self._session.fail(display(found.results[0].reason))
            return
        for sign, line in found.entry.shown():
            self._session.say(f"{'was' if sign == '-' else 'will be'} {line}")
        console = self._session.console
        instead = f"`reader triage {decision.id} --where {path_shown(target.path)}` does that."
        if (is_whole and not console.can_ask) or (
            console.ask("Write it? y or n:", YES_OR_NO, instead=instead) == "yes"
        ):
            self._session.deciding.make(decision, target.id, record.state, record)
        else:
            self._session.fail("Nothing was written.")

    def do_topics(self, rest: str) -> None:
        """Say the topics; or add and take away: `t +AI -Power Apps`."""
        if not rest:
            record = self._session.looking.record() if self._listing.ids else None
            if record is not None:
                here = ", ".join(record.topics) or "none"
                name = self._session.words.name_of("topics")
                self._session.say(
                    f"Of this record: {display(here)}. {name} +TOPIC -TOPIC changes them."
                )
            self._session.asking.do_topic("")
            return
        add, remove = _topics(rest)
        if not add and not remove:
            name = self._session.words.name_of("topics")
            self._session.fail(f"Write + or - before each topic, such as {name} +AI -Power Apps.")
            return
        self._session.deciding.decide(Decision("topics", {"add": add, "remove": remove}))

    def opened(self) -> tuple[Target, Record] | None:
        """Return the record where one is, as its file has it now, to be changed; else say why not."""
        row = self._session.record_row() if self._session.deciding.may_edit() else None
        if row is None:
            return None
        if self._listing.marked:
            self._session.fail("This is for one record; unmark takes the marks away.")
            return None
        opened = self._session.collection.open_record(row.id)
        targets = self._session.collection.targets([row.id])
        if opened is None or not targets or isinstance(opened.record, Problem):
            self._session.fail("The file is gone, or cannot be read any more.")
            return None
        return replace(targets[0], seen=opened.record), opened.record

    def do_edit(self, rest: str) -> None:
        from reader.library.outcome import Became
        from reader.library.preparing import read_again
        from reader.terminal.editor import find_editor

        row = self._listing.current if self._session.deciding.may_edit() else None
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
        copy = self._copy_of(opened)
        if copy is None:
            return
        target = Target(os.fsencode(opened.path), id=row.id)
        problem = read_again(copy.read(), target.path)
        while True:
            trouble = copy.edit(command, problem.line if isinstance(problem, Problem) else 0)
            try:
                after = copy.read()
            except OSError:
                trouble, after = trouble or "The editor left no file.", opened.data
            if trouble or after == opened.data:
                break
            problem = read_again(after, target.path)
            if not isinstance(problem, Problem):
                break
            at = f"line {problem.line}: " if problem.line else ""
            self._session.say(f"So it would be no record any more: {at}{display(problem.reason)}")
            answers = {"edit": "edit", "drop": "drop", "e": "edit", "d": "drop"}
            question = "edit again, or drop the changes?"
            answer = self._session.console.ask(question, answers, instead="edit at one.")
            if answer == "drop":
                copy.remove()
                self._session.say("The changes were dropped; the file is as it was.")
                return
            if answer is None:
                copy.keep()
                self._session.fail(f"The file is as it was; your text is in {copy.path}.")
                return
        if after == opened.data:
            copy.remove()
            self._session.fail(trouble or "Nothing was changed.")
        elif trouble:
            copy.keep()
            self._session.fail(f"{trouble} Your text is in {copy.path}.")
        else:
            self._session.deciding.note_own([row.id])
            outcome = self._editing.rewrite(target, opened.data, after)
            self._session.deciding.tell(outcome)
            if all(each.became is Became.DONE for each in outcome.results):
                copy.remove()
            else:
                copy.keep()
                self._session.fail(f"Your text is in {copy.path}.")

    def _copy_of(self, opened: Opened) -> Copy | None:
        """Return a copy to edit: a new one, or on demand the one that is kept from earlier; None:
        neither is wanted."""
        from reader.terminal.editor import copied, kept

        state = self._session.collection.state_path
        copy = kept(opened.path, state)
        if copy is not None:
            said = "What was typed into it earlier is kept, and not in the file."
            if not copy.is_of(opened.data):
                said += " The file has changed since: that text would take its place, whole."
            self._session.say(said)
            answers = {"text": "t", "file": "f", "drop": "d", "t": "t", "f": "f", "d": "d"}
            question = "edit the text, the file, or drop the text and edit the file?"
            answer = self._session.console.ask(question, answers, instead="edit at one.")
            if answer == "t":
                return copy
            if answer == "d":
                copy.remove()
            else:
                copy.keep()
            if answer is None:
                return None
        return copied(opened.path, opened.data, state)


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
