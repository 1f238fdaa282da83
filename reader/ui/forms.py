"""Forms at the desk: fields, topics and mended text of one record, and the user's own editor on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reader.library.outcome import Target
from reader.records.decisions import Decision
from reader.records.record import Problem, Record
from reader.records.text import display
from reader.terminal.editor import Copy

from .jobs.edits import Edits
from .said import when
from .widgets.pieces import Line, Piece

if TYPE_CHECKING:
    from .screens.desk import Desk


class Forms:
    """What keys open to be filled in at one desk."""

    def __init__(self, desk: Desk, queue: Edits) -> None:
        self._desk = desk
        self._list = desk.list
        self._edits = queue

    def do_fields(self) -> None:
        from .screens.fields import Asked, FieldsForm, KnownValues

        opened = self._opened()
        if opened is None:
            return
        target, record, path = opened
        counts = self._desk.sidebar.counts
        known = KnownValues(counts.topics, counts.types, ())
        shown = target

        def preview(fields: dict[str, object]) -> Sequence[Line] | str:
            nonlocal shown
            answer, shown = self._diff(Decision("set", {"fields": fields}), target)
            return answer

        def answered(result: dict[str, object] | Asked | None) -> None:
            if isinstance(result, dict):
                self._edits.decide(Decision("set", {"fields": result}), [shown])
            elif result is Asked.EDITOR:
                self.do_edit()

        form = FieldsForm(
            record,
            record.title or path,
            known,
            preview,
            self._desk.glyphs,
            self._desk.own_keys.key_of("form.editor"),
        )
        self._desk.app.push_screen(form, answered)

    def do_topics(self) -> None:
        from .screens.topics import TopicsForm

        opened = self._opened()
        if opened is None:
            return
        target, record, path = opened

        def answered(result: tuple[tuple[str, ...], tuple[str, ...]] | None) -> None:
            if result is not None and any(result):
                decision = Decision("topics", {"add": list(result[0]), "remove": list(result[1])})
                self._desk.triage.made(decision)
                self._edits.decide(decision, [target])

        form = TopicsForm(
            record.title or path, record.topics, self._desk.sidebar.counts.topics, self._desk.glyphs
        )
        self._desk.app.push_screen(form, answered)

    def do_mend(self) -> None:
        self.review(Decision("mend"))

    def review(self, decision: Decision) -> None:
        """Make a decision about the record under the cursor, after a look at what changes."""
        from .screens.review import Review

        opened = self._opened()
        if opened is None:
            return
        target, record, path = opened
        diff, shown = self._diff(decision, target)
        if isinstance(diff, str):
            self._say(diff)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._edits.decide(decision, [shown])

        title, glyphs = record.title or path, self._desk.glyphs
        review = Review(title, diff, glyphs, what="Changes", back="leave")
        self._desk.app.push_screen(review, answered)

    def _diff(self, decision: Decision, target: Target) -> tuple[Sequence[Line] | str, Target]:
        """Return what a decision would change in a file, or why it changes nothing; and the target
        as it is then seen. What someone else has changed meanwhile is said above, and is seen by
        that; what changes after it is still a clash."""
        from reader.library.journal import JournalError
        from reader.library.preparing import Prepared, say_clash

        from .diff import diff_lines

        try:
            found = self._desk.editing.preview(decision, target)
            clash = None if isinstance(found, Prepared) else found.results[0].clash
            if clash is not None:
                now = self._desk.collection.open_record(target.id)
                if now is not None and isinstance(now.record, Record):
                    target = replace(target, seen=now.record)
                    found = self._desk.editing.preview(decision, target)
        except JournalError as error:
            return str(error), target
        if not isinstance(found, Prepared):
            return found.results[0].reason, target
        lines = diff_lines(b"" if found.held is None else found.held.data, found.data)
        if clash is not None:
            said = f"{say_clash(clash)} Saved, yours takes its place."
            lines = [(Piece(said, "pane--warning"),), (), *lines]
        return lines, target

    def _opened(self) -> tuple[Target, Record, str] | None:
        """Return the record under the cursor as it is now, for a form; say why not."""
        row = self._desk.record_row() if self._desk.triage.may_edit() else None
        if row is None:
            return None
        if self._list.marked:
            key = self._desk.own_keys.key_of("back")
            self._say(f"Forms are for one record; {key} clears the marks.")
            return None
        if self._edits.is_busy:
            self._say(self._desk.own_keys.busy)
            return None
        opened = self._desk.collection.open_record(row.id)
        targets = self._desk.collection.targets([row.id])
        if opened is None or not targets:
            self._say("The file is gone.")
        elif isinstance(opened.record, Problem):
            self._say(self._desk.own_keys.unreadable)
        else:
            return replace(targets[0], seen=opened.record), opened.record, opened.path
        return None

    # -- the user's own editor ----------------------------------------------------------------------
    def do_edit(self) -> None:
        from reader.terminal.editor import copied, find_editor, kept

        row = self._list.current if self._desk.triage.may_edit() else None
        if row is None:
            return
        command = find_editor()
        if command is None:
            self._say("There is no editor: set $EDITOR to yours.")
            return
        opened = self._desk.collection.open_record(row.id)
        if opened is None or not opened.data:
            self._say("The file is gone, or cannot be read.")
            return
        state = self._desk.collection.state_path
        target = Target(opened.path.encode("utf-8", "surrogateescape"), id=row.id)
        record = opened.record
        problem = record if isinstance(record, Problem) else None
        title = opened.path if isinstance(record, Problem) else record.title or opened.path

        def edit_file() -> None:
            copy = copied(opened.path, opened.data, state)
            self._run_editor(_Edit(copy, command, target, opened.data), problem)

        copy = kept(opened.path, state)
        if copy is None:
            edit_file()
        else:
            self._offer_kept(_Edit(copy, command, target, opened.data, title), edit_file)

    def _offer_kept(self, edit: _Edit, edit_file: Callable[[], None]) -> None:
        """Ask whether one goes on with a text that was typed earlier and is not in the file."""
        from .screens.question import Choice, Question

        copy = edit.copy
        lines: list[Line] = [
            (Piece(f"“{display(edit.kept_of)}”", "pane--strong"),),
            (
                Piece(
                    f"What was typed into it, {when(copy.typed_at)}, is kept, and not in the file."
                ),
            ),
        ]
        problem = edit.problem_of(copy.read())
        if problem is not None:
            lines.append((Piece(f"So it would be no record: {_told(problem)}", "pane--warning"),))
        if not copy.is_of(edit.before):
            said = "The file has changed since: before yours takes its place, you see what differs."
            lines.append((Piece(said, "pane--warning"),))
        choices = [
            Choice("e", "edit the text that is kept", "text"),
            Choice("f", "edit the file; the text stays kept", "file"),
            Choice("x", "drop the text, and edit the file", "drop"),
        ]

        def answered(answer: str | None) -> None:
            if answer == "text":
                self._run_editor(edit, problem)
                return
            if answer == "drop":
                copy.remove()
            else:
                copy.keep()
            if answer is not None:
                edit_file()

        self._desk.app.push_screen(
            Question(lines, choices, self._desk.glyphs, "A TEXT IS KEPT"), answered
        )

    def _run_editor(self, edit: _Edit, problem: Problem | None) -> None:
        """Have a copy edited, at the line of what is wrong with it, and put in place."""
        copy = edit.copy
        with self._desk.app.suspend():
            trouble = copy.edit(edit.command, 0 if problem is None else problem.line)
        self._desk.app.refresh()
        try:
            after = copy.read()
        except OSError:
            trouble = trouble or "The editor left no file; nothing was changed."
            after = edit.before
        if after == edit.before:
            self._say(trouble or "Nothing was changed.")
            copy.remove()
        elif trouble:
            copy.keep()
            self._say(f"{trouble} {self.kept_said}")
        elif (problem := edit.problem_of(after)) is not None:
            self._ask_to_edit_again(edit, problem)
        elif edit.kept_of:
            self._review_kept(edit, after)
        else:
            self._edits.rewrite(edit.target, edit.before, after, copy)

    def _review_kept(self, edit: _Edit, after: bytes) -> None:
        """Show what a text that was kept changes in the file as it is now, before it does."""
        from .diff import diff_lines
        from .screens.review import Review

        def answered(yes: bool | None) -> None:
            if yes:
                self._edits.rewrite(edit.target, edit.before, after, edit.copy)
            else:
                edit.copy.keep()
                self._say(f"The file is as it was. {self.kept_said}")

        lines = diff_lines(edit.before, after)
        review = Review(edit.kept_of, lines, self._desk.glyphs, what="Kept text", back="keep it")
        self._desk.app.push_screen(review, answered)

    def _ask_to_edit_again(self, edit: _Edit, problem: Problem) -> None:
        from .screens.pager import Pager
        from .screens.question import Choice, Question

        lines: list[Line] = [
            (Piece("As it is now, the file would be no record any more:"),),
            (Piece(_told(problem), "pane--warning"),),
            (Piece("Esc leaves the file as it was, and keeps your text.", "pane--dim"),),
        ]
        choices = [Choice("e", "edit again", True), Choice("x", "drop the changes", False)]

        def answered(again: bool | None) -> None:
            if again:
                self._run_editor(edit, problem)
            elif again is False:
                edit.copy.remove()
                self._say("The changes were dropped; the file is as it was.")
            else:
                edit.copy.keep()
                key = self._desk.own_keys.key_of("edit")
                lines: list[Line] = [
                    (Piece(" The file is as it was; your text is kept in"),),
                    (),
                    (Piece(f" {display(str(edit.copy.path))}"),),
                    (),
                    (Piece(f" {key} on the record offers it again."),),
                ]
                self._desk.app.push_screen(Pager("KEPT", lines, self._desk.glyphs, folds=True))

        self._desk.app.push_screen(
            Question(lines, choices, self._desk.glyphs, "NO RECORD"), answered
        )

    @property
    def kept_said(self) -> str:
        """What to say of a text that could not be put in place."""
        return f"Your text is kept: {self._desk.own_keys.key_of('edit')} offers it."

    def _say(self, text: str) -> None:
        self._desk.footer.say(text)


@dataclass(frozen=True, slots=True)
class _Edit:
    """A copy of a file that is edited."""

    copy: Copy
    command: list[str]
    target: Target
    before: bytes
    """The file as it is."""
    kept_of: str = ""
    """The title of its record, where the text was typed earlier: it is looked at before it is put in
    place."""

    def problem_of(self, data: bytes) -> Problem | None:
        """Return why the file would be no record any more; None: it would be one."""
        from reader.library.preparing import read_again

        found = read_again(data, self.target.path)
        return found if isinstance(found, Problem) else None


def _told(problem: Problem) -> str:
    return f"line {problem.line}: {problem.reason}" if problem.line else problem.reason
